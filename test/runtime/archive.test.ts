import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import { aZip, renamed, zipBytes } from '../support/a-zip.ts'
import { type RuntimeUnderTest, runtimeUnderTest } from '../support/runtime-client.ts'

const languages = [
  {
    kind: 'python:3',
    entry: '__main__.py',
    echo: 'def main(args):\n    return args',
    reading: 'def main(args):\n    return {"text": open("data/file.txt").read(), "up": open("link.txt").read()}',
    withoutEntry: 'Zip file does not include',
    corrupt: 'There was an error uncompressing the action archive',
  },
  {
    kind: 'nodejs:20',
    entry: 'index.js',
    echo: 'exports.main = (args) => args',
    reading:
      'const fs = require("fs")\nexports.main = () => ({ text: fs.readFileSync("data/file.txt", "utf8"), up: fs.readFileSync("link.txt", "utf8") })',
    withoutEntry: 'Zipped actions must contain either package.json or index.js at the root.',
    corrupt: 'There was an error uncompressing the action archive',
  },
] as const

for (const { kind, entry, ...words } of languages) {
  describe(`the ${kind} runtime and archives`, () => {
    let runtime: RuntimeUnderTest
    beforeEach(async () => {
      runtime = await runtimeUnderTest(kind)
    })
    afterEach(() => runtime.stop())

    async function refused(code: string, why: string): Promise<void> {
      const answer = await runtime.init(code, { binary: true })
      expect(answer.status).to.equal(502)
      expect(JSON.parse(answer.body).error).to.contain(why)
      await runtime.sentinels(1)
      expect(runtime.printed.stderr).to.contain(why)
    }

    it('C11: unpacks files, folders and links, and runs where they are', async () => {
      const files = { [entry]: words.reading, 'data/file.txt': 'in a folder', 'link.txt': { link: 'data/file.txt' } }
      expect((await runtime.init(await aZip(files), { binary: true })).status).to.equal(200)
      expect(JSON.parse((await runtime.run()).body)).to.deep.equal({ text: 'in a folder', up: 'in a folder' })
    })

    it('C12: refuses an archive without the file to start from', async () => {
      await refused(await aZip({ 'other.txt': 'x' }), words.withoutEntry)
    })

    it('C12: refuses an archive that is cut off or has a wrong checksum', async () => {
      const zip = await zipBytes({ [entry]: words.echo.repeat(50) })
      await refused(zip.subarray(0, zip.length - 30).toString('base64'), words.corrupt)
    })

    it('C12: refuses an archive with a byte changed', async () => {
      const zip = await zipBytes({ [entry]: words.echo.repeat(50) })
      zip[50] = (zip[50] ?? 0) ^ 0xff
      await refused(zip.toString('base64'), words.corrupt)
    })

    for (const name of ['../escaped.txt', '/tmp/ww-escape', 'a/../../b.txt']) {
      it(`C12: refuses the entry "${name}"`, async () => {
        const zip = renamed(
          await zipBytes({ [entry]: words.echo, ['x'.repeat(name.length)]: 'bad' }),
          'x'.repeat(name.length),
          name,
        )
        await refused(zip.toString('base64'), `the entry "${name}" leaves the directory`)
        expect(readdirSync(runtime.directory)).to.deep.equal(['action'])
      })
    }

    for (const [what, links] of [
      ['an absolute link', { out: { link: '/etc/passwd' } }],
      ['a link upwards', { out: { link: '../../secret' } }],
      ['a link through another', { inner: { link: 'sub/deep' }, out: { link: 'inner/../../../x' }, 'sub/deep/f': 'x' }],
      ['a link to the root of links', { here: { link: '.' }, out: { link: 'here/..' } }],
    ] as const) {
      it(`C12: refuses ${what}`, async () => {
        await refused(await aZip({ [entry]: words.echo, ...links }), 'the link "out" leaves the directory')
      })
    }

    it('C12: never writes through a link', async () => {
      const zip = await zipBytes({ door: { link: '/tmp' }, 'dooR/escaped.txt': 'bad', [entry]: words.echo })
      const answer = await runtime.init(renamed(zip, 'dooR', 'door').toString('base64'), { binary: true })
      expect(answer.status).to.equal(502)
      expect(readdirSync('/tmp')).not.to.contain('escaped.txt')
    })

    it('C12: refuses a bomb', async () => {
      const zip = await zipBytes({ [entry]: words.echo, zeros: Buffer.alloc(80 * 1024 * 1024) })
      await refused(zip.toString('base64'), 'more than 100 times')
      expect(readdirSync(join(runtime.directory, 'action'))).to.deep.equal([])
    })

    it('C12: refuses an entry that holds more than the directory says', async () => {
      const honest = Buffer.alloc(1000, 'a')
      const zip = await zipBytes({ [entry]: words.echo, big: honest })
      const packed = deflateRawSync(Buffer.alloc(1000, 'b'))
      expect(packed.length).to.equal(deflateRawSync(honest).length)
      const at = zip.indexOf(deflateRawSync(honest))
      deflateRawSync(Buffer.alloc(1000, 'b')).copy(zip, at)
      await refused(zip.toString('base64'), words.corrupt)
    })

    it('C12: takes a large archive that is honest', async () => {
      const noise = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 2654435761) >>> 24))
      const files = { [entry]: words.echo, 'noise.bin': noise, 'text.txt': 'word '.repeat(2_000_000) }
      expect((await runtime.init(await aZip(files), { binary: true })).status).to.equal(200)
    })
  })
}

describe('the python:3 runtime and what an archive may hold (C11)', () => {
  const site = 'virtualenv/lib/python3.11/site-packages'
  const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [
      'a package beside the code',
      {
        '__main__.py': 'from greet import hi\ndef main(a):\n    return hi(a)',
        'greet/__init__.py': 'def hi(a):\n    return {"hi": a["name"]}',
      },
    ],
    [
      'a virtualenv with activate_this.py',
      {
        '__main__.py': 'import greet\ndef main(a):\n    return greet.hi(a)',
        [`${site}/greet.py`]: 'def hi(a):\n    return {"hi": a["name"]}',
        'virtualenv/bin/activate_this.py': `import os, site\nsite.addsitedir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib/python3.11/site-packages"))`,
      },
    ],
    [
      'a virtualenv of the standard library',
      {
        '__main__.py': 'import greet\ndef main(a):\n    return greet.hi(a)',
        [`${site}/greet.py`]: 'def hi(a):\n    return {"hi": a["name"]}',
        'virtualenv/pyvenv.cfg': 'home = /usr/bin',
      },
    ],
  ]
  for (const [name, files] of cases) {
    it(`imports from ${name}`, async () => {
      const runtime = await runtimeUnderTest('python:3')
      try {
        const answer = await runtime.init(await aZip(files), { binary: true })
        expect(answer.status, runtime.printed.stderr).to.equal(200)
        expect(JSON.parse((await runtime.run({ name: 'Ada' })).body)).to.deep.equal({ hi: 'Ada' })
      } finally {
        await runtime.stop()
      }
    })
  }

  it('refuses a virtualenv with neither', async () => {
    const runtime = await runtimeUnderTest('python:3')
    try {
      const files = { '__main__.py': 'def main(a):\n    return a', 'virtualenv/readme': 'empty' }
      const answer = await runtime.init(await aZip(files), { binary: true })
      expect(answer.status).to.equal(502)
      expect(answer.body).to.contain('Invalid virtualenv')
    } finally {
      await runtime.stop()
    }
  })

  it('takes text in base64 as plain source, and refuses bytes that are neither', async () => {
    for (const [code, status] of [
      [Buffer.from('def main(a):\n    return a').toString('base64'), 200],
      [Buffer.from([0xff, 0xfe, 0, 1]).toString('base64'), 502],
      ['no base64 !', 502],
    ] as const) {
      const runtime = await runtimeUnderTest('python:3')
      try {
        expect((await runtime.init(code, { binary: true })).status).to.equal(status)
      } finally {
        await runtime.stop()
      }
    }
  })
})

describe('the nodejs:20 runtime and what an archive may hold (C11)', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string?])[] = [
    [
      'main of package.json',
      { 'package.json': '{"main":"lib/start.js"}', 'lib/start.js': 'exports.main = (a) => ({ hi: a.name })' },
    ],
    ['index.js', { 'index.js': 'exports.main = (a) => ({ hi: a.name })' }],
    [
      'a package in node_modules',
      {
        'index.js': 'exports.main = require("greet").hi',
        'node_modules/greet/package.json': '{"main":"g.js"}',
        'node_modules/greet/g.js': 'exports.hi = (a) => ({ hi: a.name })',
      },
    ],
    ['a file named by main', { 'lib.js': 'exports.handlers = { hi: (a) => ({ hi: a.name }) }' }, 'lib.handlers.hi'],
    [
      'an ES module',
      {
        'package.json': '{"type":"module","main":"start.js"}',
        'start.js': 'import { hi } from "./hi.js"\nexport const main = hi',
        'hi.js': 'export const hi = (a) => ({ hi: a.name })',
      },
    ],
    [
      'an ES module that awaits',
      {
        'package.json': '{"main":"start.mjs"}',
        'start.mjs': 'const g = await Promise.resolve("hi")\nexport default { main: (a) => ({ [g]: a.name }) }',
      },
    ],
  ]
  for (const [name, files, main] of cases) {
    it(`starts from ${name}`, async () => {
      const runtime = await runtimeUnderTest('nodejs:20')
      try {
        const answer = await runtime.init(await aZip(files), { binary: true, ...(main === undefined ? {} : { main }) })
        expect(answer.status, answer.body).to.equal(200)
        expect(JSON.parse((await runtime.run({ name: 'Ada' })).body)).to.deep.equal({ hi: 'Ada' })
      } finally {
        await runtime.stop()
      }
    })
  }
})
