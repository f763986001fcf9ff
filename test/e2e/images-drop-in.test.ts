import { expect } from 'chai'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { Deployment } from '../support/a-deployment.ts'
import { aMessage, onTheWire } from '../support/a-message.ts'
import { isFreeing, seenAck } from '../support/acks.ts'
import { type DropIn, forgetDropIn, startDropIn } from '../support/drop-in.ts'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { usesOne, writeOne } from '../support/image-server.ts'
import { processesOf } from '../support/instance-processes.ts'
import { isAlive } from '../support/is-alive.ts'
import { PublicPackages } from '../support/public-packages.ts'

/** How an activation started that met `/init`, and what came of it. */
interface Outcome {
  readonly start: unknown
  readonly result: JsonObject
}

/** What is read of a record. */
interface Stored {
  readonly annotations: readonly { readonly key: string; readonly value: JsonObject }[]
  readonly response: { readonly result: JsonObject }
}

describe('drop-in invokers with images', function () {
  this.timeout(120_000)
  let deployment: Deployment
  let packages: PublicPackages
  const invokers: DropIn[] = []
  let counter = 0

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    deployment = await Deployment.start()
    packages = await PublicPackages.make()
    await writeOne(packages)
    await start(0)
  })
  after(async () => {
    for (const invoker of invokers) await invoker.stop()
    for (const id of [0, 1]) if (deployment !== undefined) forgetDropIn(deployment, id)
    await deployment?.stop()
    await packages?.remove()
  })

  async function start(id: number): Promise<void> {
    const variables = {
      RUNTIMES_MANIFEST: packages.runtimesManifest,
      WARMWHISK_COUCH_IMAGES: `${deployment.name}_images`,
      CONFIG_whisk_containerPool_userMemory: '4096m',
      CONFIG_whisk_kafka_consumer_sessionTimeoutMs: '1000',
      CONFIG_whisk_kafka_consumer_heartbeatIntervalMs: '200',
      CONFIG_whisk_kafka_consumer_fetchMaxWaitMs: '50',
    }
    invokers[id] = await startDropIn(deployment, { variables, id })
  }

  /** Puts a new function, of the same code as all others, before an invoker, and gives its activation. */
  async function send(id: number, code = usesOne): Promise<string> {
    counter += 1
    const exec = { kind: 'python:3', code, binary: false }
    const message = aMessage(await deployment.storeAction(`f${counter}`, '', { exec }))
    await deployment.sendTo(`invoker${id}`, [onTheWire(message)])
    return message.activationId
  }

  /** What the record of an activation tells, once there is one. */
  async function outcome(activationId: string): Promise<Outcome> {
    const record = async () => (await deployment.record(activationId)) as unknown as Stored | undefined
    await eventually('the record', async () => (await record()) !== undefined)
    const { annotations = [], response } = (await record()) ?? {}
    return {
      start: annotations.find(({ key }) => key === 'warmwhisk')?.value.start,
      result: response?.result ?? {},
    }
  }

  /** The acks that free the slots of these, as many as there are. */
  async function freed(ids: readonly string[]): Promise<readonly string[]> {
    const acks = (await deployment.read('completed0')).map(seenAck).filter(isFreeing)
    return acks.map(({ activationId }) => activationId).filter((id) => ids.includes(id))
  }

  const first = async (id: number): Promise<Outcome> => outcome(await send(id))
  const learnt = async (id: number): Promise<number> => sumOf((await invokers[id]?.metrics()) ?? '', /images_learn/)
  const fromImage = (id: number): Promise<void> =>
    eventually(
      `invoker ${id} starts functions from an image`,
      async () => {
        const { start: way, result } = await first(id)
        expect(result.version).to.equal(1)
        return (way === 'restored' || way === 'warm-stem-cell') && result.here === true
      },
      40_000,
    )

  it('learn, and each builds the image for itself', async () => {
    expect(await first(0)).to.deep.include({ start: 'cold', result: { version: 1, here: false } })
    await fromImage(0)
    expect(await learnt(0)).to.be.above(0)
    await start(1)
    await fromImage(1)
  })

  it('lose no activation and leave nothing when they are killed, and have their images again', async () => {
    const slow = usesOne
      .replace('def main(args):', 'def main(args):\n    time.sleep(0.3)')
      .replace('import sys', 'import sys, time')
    const ids = await Promise.all(Array.from({ length: 16 }, () => send(0, slow)))
    await eventually('a part of them', async () => (await freed(ids)).length > 3)
    const left = processesOf(`wsk${deployment.name}0`).map(({ pid }) => pid)
    expect(await invokers[0]?.process.end('SIGKILL')).to.equal('SIGKILL')
    await start(0)
    expect(left.filter(isAlive)).to.deep.equal([])
    await eventually('every slot is free', async () => new Set(await freed(ids)).size === ids.length, 40_000)
    expect((await freed(ids)).length).to.equal(ids.length)
    for (const id of ids) {
      const { result } = await outcome(id)
      expect(result.version ?? result.error).to.be.oneOf([1, 'The invoker stopped while the action was running.'])
    }
    await fromImage(0)
  })
})

/** Sum of the values of metrics by that name. */
function sumOf(metrics: string, name: RegExp): number {
  const lines = metrics.split('\n').filter((line) => !line.startsWith('#') && name.test(line))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}
