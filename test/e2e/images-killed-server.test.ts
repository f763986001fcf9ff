import { expect } from 'chai'
import { ownVariable } from '../../invoker/config/setting.ts'
import type { Json, JsonObject } from '../../invoker/domain/json.ts'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { FunctionUser } from '../support/functions.ts'
import { asGuest, type GuestClient } from '../support/guest-client.ts'
import { hostState } from '../support/host-state.ts'
import { imageSettings, imagesOfOne, usesOne, usesOneNode, writeOne } from '../support/image-server.ts'
import { processesOf } from '../support/instance-processes.ts'
import { isAlive } from '../support/is-alive.ts'
import { PublicPackages } from '../support/public-packages.ts'
import { type ServerProcess, spawnServer } from '../support/server-process.ts'
import { tempDirectory } from '../support/temp-directory.ts'
import { withServer } from '../support/whole-server.ts'

/** Everything of the server is named by it, the killed one's and the next one's. */
const uniqueName = `killed${process.pid}`
const instance = `wsk${uniqueName}0`
const stemCells = 2
const images = imagesOfOne.map((one) => ({ ...one, stemCells }))
const inFlight = 8
const interrupted = 'The invoker stopped while the action was running.'

/**
 * Notes each run in the server's own catalogue, by the API that every action has: a package named by the activation and this run.
 * What is noted before the server dies is durable, and cannot be made up.
 */
const noting = `
import os, http.client, base64, time, public_one
def main(args):
    host = os.environ["__OW_API_HOST"].split("//")[1]
    key = base64.b64encode(os.environ["__OW_API_KEY"].encode()).decode()
    run = os.environ["__OW_ACTIVATION_ID"] + "-" + os.urandom(4).hex()
    connection = http.client.HTTPConnection(host, timeout=20)
    body = '{"exec": {"kind": "python:3", "code": "def main(a): return a"}}'
    connection.request("PUT", "/api/v1/namespaces/_/actions/" + run, body, {"Authorization": "Basic " + key, "Content-Type": "application/json"})
    noted = connection.getresponse().status
    time.sleep(args.get("work", 0))
    return {"noted": noted}
`

describe('a server with images, killed', function () {
  this.timeout(120_000)

  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })

  const kills: readonly { readonly when: string; readonly isTime: (noted: number) => boolean }[] = [
    { when: 'functions are being started', isTime: () => true },
    { when: 'user code runs', isTime: (noted) => noted >= inFlight / 2 },
  ]
  for (const { when, isTime } of kills) {
    it(`while ${when}, loses no activation, leaves nothing, and has its images again`, async () => {
      const directory = await tempDirectory()
      const packages = await PublicPackages.make()
      await writeOne(packages)
      const common = { ...(await imageSettings(packages, images)), 'invoker.uniqueName': uniqueName }
      const settings = { ...common, 'store.dataDir': directory.path }
      try {
        const killed = await runAndKill({ isTime, folder: directory.path, settings })
        expect(killed.accepted, 'activations that were answered with 202').to.not.deep.equal([])
        await withServer({ settings }, async ({ url, guestKey }) => {
          expect(killed.processes.filter(isAlive)).to.deep.equal([])
          await settled(asGuest({ url, guestKey }), killed.accepted)
          await haveImages(new FunctionUser({ url, key: guestKey }))
          await ranOnce(asGuest({ url, guestKey }), killed.accepted)
        })
      } finally {
        await packages.remove()
        await directory.remove()
      }
      const after = hostState()
      for (const what of ['rules', 'mounts', 'cgroups', 'state', 'links'] as const) {
        expect(after[what], what).to.not.include(instance)
      }
    })
  }
})

/** What a killed server had promised, and the processes of its containers at the end. */
interface Killed {
  readonly accepted: readonly string[]
  readonly processes: readonly number[]
}

/** Starts a server in a process of its own, has images and stem cells made, puts activations in flight, and kills it. */
async function runAndKill(plan: {
  readonly isTime: (noted: number) => boolean
  readonly folder: string
  readonly settings: Readonly<Record<string, string>>
}): Promise<Killed> {
  const { folder } = plan
  const words = ['--import=tsx', 'test/support/crashing-server.ts', 'standalone', 'never']
  const server = spawnServer(words, { folder, env: variablesOf(plan.settings) })
  const { url, guestKey } = await serving(server)
  const user = new FunctionUser({ url, key: guestKey })
  await haveImages(user, 'warm-stem-cell')
  const parameters = [{ key: 'work', value: 2 }]
  const names = await Promise.all(
    Array.from({ length: inFlight }, () => user.create(noting, { parameters, hasKey: true })),
  )
  const guest = asGuest({ url, guestKey })
  const answers = names.map((name) => invoke(guest, name))
  await Promise.race(answers)
  await eventually('the time to kill it', async () => plan.isTime((await notes(guest)).length))
  const processes = processesOf(instance).map(({ pid }) => pid)
  expect(await server.end('SIGKILL')).to.equal('SIGKILL')
  return { accepted: (await Promise.all(answers)).filter((id) => id !== undefined), processes }
}

/** Where a server serves that was started as a process. */
async function serving(server: ServerProcess): Promise<{ readonly url: string; readonly guestKey: string }> {
  const line = () => /^serves (.*)$/m.exec(server.printed())?.[1]
  await eventually('the server serves', () => {
    if (server.hasEnded()) throw new Error(server.printed())
    return line() !== undefined
  })
  return JSON.parse(line() ?? '')
}

/** Settings as the variables of a process. */
function variablesOf(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const all = { 'api.port': '0', 'log.level': 'error', ...settings }
  return Object.fromEntries(
    Object.entries(all).map(([path, value]) => {
      const [group = '', name = ''] = path.split('.')
      return [ownVariable(group, name), value]
    }),
  )
}

/** Waits until both languages start from their images. */
async function haveImages(user: FunctionUser, start?: string): Promise<void> {
  for (const [code, kind] of [
    [usesOne, 'python:3'],
    [usesOneNode, 'nodejs:20'],
  ] as const) {
    await user.until(`${kind} from an image`, {
      ...{ code, options: { kind } },
      is: (run) => run.result.here === true && (start === undefined || run.start === start),
    })
  }
}

/** The id of an activation that was accepted; undefined where the server died before it answered. */
async function invoke(guest: GuestClient, name: string): Promise<string | undefined> {
  try {
    const { status, json } = await guest.ask(`POST actions/${name}`, {})
    return status === 202 ? String(json.activationId) : undefined
  } catch {
    // It promised nothing.
    return undefined
  }
}

/** What user code noted of its runs. */
async function notes(guest: GuestClient): Promise<readonly string[]> {
  const { json } = await guest.ask('GET actions?limit=200')
  return (json as unknown as readonly { readonly name: string }[])
    .map(({ name }) => name)
    .filter((name) => /^[0-9a-f]{32}-/.test(name))
}

async function responseOf(guest: GuestClient, id: string): Promise<{ readonly status: string; readonly result: Json }> {
  return ((await guest.ask(`GET activations/${id}`)).json as { response: JsonObject }).response as never
}

/** Waits for the record of each activation, and checks that it tells what may have become of it. */
async function settled(guest: GuestClient, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await eventually(`the record of ${id}`, async () => (await guest.ask(`GET activations/${id}`)).status === 200)
    expect((await responseOf(guest, id)).result).to.be.deep.oneOf([{ noted: 200 }, { error: interrupted }])
  }
}

async function ranOnce(guest: GuestClient, ids: readonly string[]): Promise<void> {
  const noted = await notes(guest)
  for (const id of ids) {
    const runs = noted.filter((name) => name.startsWith(`${id}-`)).length
    const isInterrupted = (await responseOf(guest, id)).status === 'whisk internal error'
    expect(runs, id).to.be.within(isInterrupted ? 0 : 1, 1)
  }
}
