import { expect } from 'chai'
import type { Json } from '../../invoker/domain/json.ts'
import { type RuntimeUnderTest, runtimeUnderTest } from '../support/runtime-client.ts'

const languages = [
  {
    kind: 'python:3',
    environment:
      'import os\nearly = os.environ["TOKEN"]\ndef main(args):\n    return {"early": early, "all": [os.environ[n] for n in args["names"]]}',
    niam: 'def niam(args):\n    return {"from": "niam"}',
    directory: 'import os\ndef main(args):\n    return {"is": os.path.dirname(__file__) == os.getcwd()}',
    unparsable: '10 PRINT "Hello"\n20 GOTO 10',
    unparsableError: 'The action failed to generate or locate a binary. See logs for details.',
    failing: 'import surely_not_installed\ndef main(args):\n    return {}',
    failingError: 'Cannot start action. Check logs for details.',
    failingLog: 'surely_not_installed',
    absentError: 'Cannot start action. Check logs for details.',
    absentLog: "cannot import name 'absent' from 'main__'",
    noFunction: 'main = 7',
    leak: 'import sys, os\ndef main(args):\n    bad = [m for m in ("server", "action", "archive", "streams") if m in sys.modules]\n    return {"bad": bad, "fd": os.environ.get("WARMWHISK_LISTEN_FD"), "path": [p for p in sys.path if "runtimes" in p]}',
  },
  {
    kind: 'nodejs:20',
    environment:
      'const early = process.env.TOKEN\nfunction main(args) { return { early, all: args.names.map((n) => process.env[n]) } }',
    niam: 'function niam(args) { return { from: "niam" } }',
    directory: 'function main(args) { return { is: __dirname === process.cwd() } }',
    unparsable: '10 PRINT "Hello"\n20 GOTO 10',
    unparsableError: 'Initialization has failed due to: ',
    failing: 'require("surely-not-installed")\nfunction main(args) { return {} }',
    failingError: 'Initialization has failed due to: Error: Cannot find module',
    failingLog: 'surely-not-installed',
    absentError: "Initialization has failed due to: Action entrypoint 'absent' is not a function.",
    absentLog: 'Error during initialization:',
    noFunction: 'const main = 7',
    leak: 'function main(args) { return { bad: [], fd: process.env.WARMWHISK_LISTEN_FD ?? null, path: [] } }',
  },
] as const

for (const { kind, ...words } of languages) {
  describe(`the ${kind} runtime at /init`, () => {
    let runtime: RuntimeUnderTest
    beforeEach(async () => {
      runtime = await runtimeUnderTest(kind)
    })
    afterEach(() => runtime.stop())

    async function refused(code: string, more: Readonly<Record<string, Json>> = {}): Promise<string> {
      const answer = await runtime.init(code, more)
      expect(answer.status).to.equal(502)
      await runtime.sentinels(1)
      expect((await runtime.run()).status).to.be.at.least(400)
      return JSON.parse(answer.body).error
    }

    it('C8: sets the environment before it loads user code', async () => {
      const env = {
        TOKEN: 'early',
        EMPTY: '',
        NUMBER: 7,
        LIST: [1, 'x'],
        NOTHING: null,
        SNOW: '☃',
        'no=name': 'x',
        '': 'y',
      }
      expect((await runtime.init(words.environment, { env })).status).to.equal(200)
      const answer = await runtime.run({ names: ['EMPTY', 'NUMBER', 'LIST', 'NOTHING', 'SNOW'] })
      const { early, all } = JSON.parse(answer.body)
      expect(early).to.equal('early')
      expect([all[0], all[1], JSON.parse(all[2]), all[3], all[4]]).to.deep.equal(['', '7', [1, 'x'], '', '☃'])
    })

    it('C9: calls the function that main names', async () => {
      expect((await runtime.init(words.niam, { main: 'niam' })).status).to.equal(200)
      expect(JSON.parse((await runtime.run()).body)).to.deep.equal({ from: 'niam' })
    })

    it('C10: runs plain source in a directory of its own', async () => {
      expect(await runtime.once(words.directory)).to.deep.equal({ is: true })
    })

    it('C13: refuses code that does not parse, and says where', async () => {
      expect(await refused(words.unparsable)).to.contain(words.unparsableError)
      expect(runtime.printed.stderr).to.contain('SyntaxError').and.contain('10 PRINT')
    })

    it('C13: refuses code that fails while it loads, and prints why', async () => {
      expect(await refused(words.failing)).to.contain(words.failingError)
      expect(runtime.printed.stderr).to.contain(words.failingLog)
    })

    it('C13: refuses a main that does not exist', async () => {
      expect(await refused(words.niam, { main: 'absent' })).to.contain(words.absentError)
      expect(runtime.printed.stderr).to.contain(words.absentLog)
    })

    it('C13: refuses a main that is no function', async () => {
      await refused(words.noFunction)
      expect(runtime.printed.stderr).to.contain('is not a function')
    })

    it('C28: keeps out of the way of user code', async () => {
      expect(await runtime.once(words.leak)).to.deep.equal({ bad: [], fd: null, path: [] })
    })
  })
}

describe('the nodejs:20 runtime and the ways to name a function (C9)', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a declaration', 'main', 'function main() { return { found: 1 } }'],
    ['a constant', 'main', 'const main = () => ({ found: 1 })'],
    ['an async function', 'main', 'const main = async () => ({ found: 1 })'],
    ['a member of exports', 'main', 'exports.main = () => ({ found: 1 })'],
    ['a member of module.exports', 'main', 'module.exports = { main: () => ({ found: 1 }) }'],
    ['a global, as packers make', 'main', 'global.main = () => ({ found: 1 })'],
    ['a member of an object', 'app.start', 'const app = { start: () => ({ found: 1 }) }'],
    ['a declaration behind a comment', 'main', 'function main() { return { found: 1 } } // the end'],
  ]
  for (const [name, main, code] of cases) {
    it(`finds ${name}`, async () => {
      const runtime = await runtimeUnderTest('nodejs:20')
      try {
        expect((await runtime.init(code, { main })).status).to.equal(200)
        expect(JSON.parse((await runtime.run()).body)).to.deep.equal({ found: 1 })
      } finally {
        await runtime.stop()
      }
    })
  }
})
