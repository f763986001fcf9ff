import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import type { FirstRun, FunctionUser } from '../support/functions.ts'
import { withImageServer } from '../support/image-server.ts'
import { processesInside, processesOf, templatesOf } from '../support/instance-processes.ts'
import { findInFiles, findInMemory, findInProcess } from '../support/marker-search.ts'

/** A language: how A hides a marker wherever code can, and how B looks around. */
interface Language {
  readonly kind: string
  readonly engine: string
  hides(marker: string): string
  readonly looks: string
}

const languages: readonly Language[] = [
  {
    kind: 'python:3',
    engine: 'fork',
    hides: (marker) => `
import os, socket, sys
here = "public_one" in sys.modules
import public_one
kept = ["${marker}" + str(n) for n in range(1000)]
def main(args):
    for folder in ("/tmp", "/work", "/dev/shm"):
        with open(folder + "/${marker}", "w") as file: file.write("${marker}" * 1000)
    os.environ["KEPT"] = public_one.kept = args["secret"] + os.environ["SECRET"]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\\0${marker}")
    kept.append(listener)
    print("${marker}")
    return {"here": here, "where": os.stat("/proc/self/ns/pid").st_ino}`,
    looks: `
import os, sys
here = "public_one" in sys.modules
import public_one
def main(args):
    files = [os.path.join(top, name) for folder in ("/tmp", "/work", "/dev/shm") for top, _, names in os.walk(folder) for name in names]
    return {"here": here, "where": os.stat("/proc/self/ns/pid").st_ino, "files": files,
            "kept": hasattr(public_one, "kept"),
            "processes": len([name for name in os.listdir("/proc") if name.isdigit()]),
            "sockets": [line.split()[7] for line in open("/proc/net/unix") if len(line.split()) > 7 and line.split()[0] != "Num"]}`,
  },
  {
    kind: 'nodejs:20',
    engine: 'criu',
    hides: (marker) => `
const fs = require('node:fs')
const here = Object.keys(require.cache).some((file) => file.includes('/public-one/'))
const one = require('public-one')
globalThis.kept = Array.from({ length: 1000 }, (_, n) => Buffer.from('${marker}' + n))
function main({ secret }) {
  for (const folder of ['/tmp', '/work', '/dev/shm']) fs.writeFileSync(folder + '/${marker}', '${marker}'.repeat(1000))
  process.env.KEPT = one.kept = secret + process.env.SECRET
  console.log('${marker}')
  return { here, where: fs.statSync('/proc/self/ns/pid').ino }
}`,
    looks: `
const fs = require('node:fs')
const here = Object.keys(require.cache).some((file) => file.includes('/public-one/'))
const one = require('public-one')
function main() {
  const files = ['/tmp', '/work', '/dev/shm'].flatMap((folder) =>
    fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => !one.isDirectory()).map((one) => one.parentPath + '/' + one.name))
  const sockets = fs.readFileSync('/proc/net/unix', 'utf8').split('\\n').slice(1).flatMap((line) => line.split(/\\s+/).slice(7))
  return { here, where: fs.statSync('/proc/self/ns/pid').ino, files, kept: 'kept' in one, sockets,
    processes: fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length }
}`,
  },
]

/** The ways in which B starts, and the settings that leave no other. */
const ways = [
  { start: 'restored', stemCells: 0, settings: { 'images.stemsPerImage': '0' } },
  { start: 'warm-stem-cell', stemCells: 2, settings: { 'images.stemBudgetMb': '512m' } },
] as const

describe('what a user leaves', function () {
  this.timeout(120_000)

  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })

  for (const { start, stemCells, settings } of ways) {
    it(`is nowhere in what another user gets of the same image (${start})`, () => {
      const images = languages.map(({ kind }) => ({ kind, packages: ['public-one'], stemCells }))
      return withImageServer({ images, settings }, async (server) => {
        const [a, b] = [await server.newUser(), await server.newUser()]
        for (const language of languages) {
          const marker = aMarker()
          const runsOfA = await fromImage(a, { language, code: language.hides(marker), start, secret: marker })
          isFoundAt(runsOfA.at(-1), marker)
          const runsOfB = await fromImage(b, { language, code: language.looks, start, secret: 'none' })
          expect(runsOfB.at(-1)?.image).to.equal(runsOfA.at(-1)?.image)
          seesNothing(runsOfB.at(-1)?.result ?? {})
          isNowhereElse(server.instance, { runsOfA, marker })
          expect(insideOf(runsOfB.at(-1))).to.have.length(2)
          const found = runsOfB.flatMap(insideOf).flatMap((pid) => findInProcess(pid, marker))
          expect(found, 'at B').to.deep.equal([])
        }
      })
    })
  }

  it('would be found if it were in the image', () => {
    const marker = aMarker()
    const images = languages.map(({ kind }) => ({ kind, packages: ['public-one'] }))
    const fill = async (packages: Parameters<NonNullable<Parameters<typeof withImageServer>[0]['fill']>>[0]) => {
      await packages.python('public_one', `import time\ntime.sleep(0.2)\nKEPT = "${marker}"\n`)
      const sleep = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)'
      await packages.node('public-one', `${sleep}\nexports.KEPT = '${marker}'\n`)
    }
    return withImageServer({ images, fill, settings: ways[0].settings }, async (server) => {
      const user = await server.newUser()
      for (const language of languages) {
        const runs = await fromImage(user, { language, code: language.looks, start: 'restored', secret: 'none' })
        const found = runtimesOf(runs.at(-1)).flatMap((pid) => findInProcess(pid, marker))
        expect(found, language.kind).to.not.deep.equal([])
      }
      expect(templatesOf(server.instance).flatMap(({ pid }) => findInMemory(pid, marker))).to.not.deep.equal([])
      expect(findInFiles(join('/run/warmwhisk', server.instance, 'images'), marker)).to.not.deep.equal([])
    })
  })
})

function aMarker(): string {
  return `mark${randomBytes(16).toString('hex')}`
}

/** What is there is found: the container of a run still is. */
function isFoundAt(run: FirstRun | undefined, marker: string): void {
  const [pid = 0] = runtimesOf(run)
  expect(findInMemory(pid, marker), 'in memory of A').to.not.deep.equal([])
  const files = ['tmp', 'work', 'dev/shm'].flatMap((one) => findInFiles(`/proc/${pid}/root/${one}`, marker))
  expect(files.length, `files of A: ${files}`).to.be.at.least(3)
}

/** What B saw: its own code, its own two processes, and no socket that has a name. */
function seesNothing({ kept, processes, sockets, files }: JsonObject): void {
  expect({ kept, processes, sockets }).to.deep.equal({ kept: false, processes: 2, sockets: [] })
  expect((files as string[]).filter((file) => !file.startsWith('/work/action/'))).to.deep.equal([])
}

/** Templates, checkpoints, stem cells, other users' containers: whatever an invoker has, but for those of A. */
function isNowhereElse(
  instance: string,
  { runsOfA, marker }: { readonly runsOfA: readonly FirstRun[]; readonly marker: string },
): void {
  for (const { pid } of templatesOf(instance)) expect(findInProcess(pid, marker)).to.deep.equal([])
  expect(findInFiles(join('/run/warmwhisk', instance, 'images'), marker)).to.deep.equal([])
  const ofA = runsOfA.flatMap(insideOf)
  const others = processesOf(instance).filter(({ pid }) => !ofA.includes(pid))
  for (const { pid, container } of others) expect(findInMemory(pid, marker), container).to.deep.equal([])
}

/** Runs functions of this code until one starts from the image of `public_one` in the way that is wanted; gives all runs. */
async function fromImage(
  user: FunctionUser,
  of: { readonly language: Language; readonly code: string; readonly start: string; readonly secret: string },
): Promise<readonly FirstRun[]> {
  const { kind, engine } = of.language
  const parameters = [{ key: 'SECRET', value: of.secret, init: true }]
  const options = { kind, parameters, params: { secret: of.secret } }
  const runs: FirstRun[] = []
  await user.until(`${kind} ${of.start}`, {
    ...{ code: of.code, options },
    is: (run) => {
      runs.push(run)
      return run.start === of.start && run.engine === engine && run.result.here === true
    },
  })
  return runs
}

/** Every process of the container that a run was in. */
function insideOf(run: FirstRun | undefined): readonly number[] {
  return processesInside(Number(run?.result.where))
}

/** The same without its init. */
function runtimesOf(run: FirstRun | undefined): readonly number[] {
  return insideOf(run).filter((pid) => !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('catatonit'))
}
