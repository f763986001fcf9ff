import { expect } from 'chai'
import { within } from '../../invoker/lib/within.ts'
import { type ActionAddress, Deployment, type Surroundings } from '../support/a-deployment.ts'
import { aMessage } from '../support/a-message.ts'
import { isFreeing, type SeenAck, seenAck } from '../support/acks.ts'
import { couchPeer, startCouchPeer } from '../support/couch-peer.ts'
import { type DropIn, forgetDropIn, startDropIn } from '../support/drop-in.ts'
import { eventually } from '../support/eventually.ts'
import { kafkaBroker, ownBroker } from '../support/kafka.ts'
import { slowWay } from '../support/slow-way.ts'

/** A deployment with an invoker, and the action hello, which ran once: the invoker knows its code. */
class Scene {
  readonly deployment: Deployment
  readonly invoker: DropIn
  readonly #hello: ActionAddress

  constructor(deployment: Deployment, { invoker, hello }: { readonly invoker: DropIn; readonly hello: ActionAddress }) {
    this.deployment = deployment
    this.invoker = invoker
    this.#hello = hello
  }

  static async set(around: Surroundings): Promise<Scene> {
    const deployment = await Deployment.start(around)
    const hello = await deployment.storeAction('hello', 'const main = ({ name }) => ({ greeting: "hi " + name })')
    const scene = new Scene(deployment, { invoker: await startDropIn(deployment), hello })
    await scene.settled(await scene.send(1))
    return scene
  }

  async send(count: number): Promise<readonly string[]> {
    const messages = Array.from({ length: count }, () => aMessage(this.#hello))
    await this.deployment.send(...messages)
    return messages.map(({ activationId }) => activationId)
  }

  async acks(ids: readonly string[]): Promise<readonly SeenAck[]> {
    return (await this.deployment.read('completed0'))
      .map(seenAck)
      .filter(({ activationId }) => ids.includes(activationId))
  }

  /** How many of them have freed their slots. */
  async freed(ids: readonly string[]): Promise<number> {
    return new Set((await this.acks(ids)).filter(isFreeing).map(({ activationId }) => activationId)).size
  }

  acked(ids: readonly string[]): Promise<void> {
    return eventually(`${ids.length} free slots`, async () => (await this.freed(ids)) === ids.length, 40_000)
  }

  async stored(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await eventually(`the record of ${id}`, async () => (await this.deployment.record(id)) !== undefined, 40_000)
    }
  }

  async settled(ids: readonly string[]): Promise<void> {
    await this.acked(ids)
    await this.stored(ids)
  }

  /** State of the breaker around CouchDB: 0 closed, 1 trying, 2 open. */
  async breaker(): Promise<number> {
    const line = /^circuit_breaker_state\{name="couchdb"\} (\d)$/m.exec(await this.invoker.metrics())
    return Number(line?.[1])
  }

  /** Stops the invoker, if it still runs, and removes everything. */
  async strike(): Promise<void> {
    await this.invoker.stop()
    forgetDropIn(this.deployment)
    await this.deployment.stop()
  }
}

describe('An invoker whose outside goes and comes', function () {
  this.timeout(120_000)
  /** What a test began, to be ended in the reverse order however it ends. */
  let ends: (() => void | Promise<void>)[] = []
  const begun = <T>(thing: T, end: (thing: T) => void | Promise<void>): T => {
    ends.push(() => end(thing))
    return thing
  }
  const set = async (around: Surroundings): Promise<Scene> => begun(await Scene.set(around), (scene) => scene.strike())

  afterEach(async () => {
    for (const end of ends.reverse()) await end()
    ends = []
  })

  it('loses no activation when Kafka is killed in the middle of work and started again', async () => {
    let broker = await ownBroker()
    begun(broker, () => broker.kill())
    const scene = await set({ hosts: broker.hosts, couchUrl: (await couchPeer()).url })
    const ids = await scene.send(100)
    await eventually('a part of them', async () => (await scene.freed(ids)) > 10)
    await broker.kill()
    broker = await ownBroker({ port: broker.port, dataDirectory: broker.dataDirectory })
    await scene.settled([...ids, ...(await scene.send(20))])
    for (const { kind, statusCode } of await scene.acks(ids)) if (kind === 'result') expect(statusCode).to.equal(0)
  })

  it('stops without waiting long for a Kafka that is away', async () => {
    const broker = begun(await ownBroker(), (one) => one.kill())
    const scene = await set({ hosts: broker.hosts, couchUrl: (await couchPeer()).url })
    await broker.kill()
    // The drain alone would be 30 s, and nothing is there to drain.
    const late = AbortSignal.timeout(25_000)
    expect(await within(scene.invoker.stop(), late), 'stopped in time').to.equal(true)
  })

  it('goes on without CouchDB, says so in its metrics, and stores every record when it is back', async () => {
    const peer = begun(await startCouchPeer(), (one) => one.stop())
    const scene = await set({ hosts: (await kafkaBroker()).hosts, couchUrl: peer.url })
    expect(await scene.breaker()).to.equal(0)
    await peer.stop()
    const ids = await scene.send(30)
    await scene.acked(ids)
    for (const { kind, statusCode } of await scene.acks(ids)) if (kind === 'result') expect(statusCode).to.equal(0)
    await eventually('the breaker is open', async () => (await scene.breaker()) === 2)

    const unknown = aMessage({ action: { path: 'guest', name: 'unknown' } })
    await scene.deployment.send(unknown)
    await scene.acked([unknown.activationId])
    const [told] = await scene.acks([unknown.activationId])
    expect(told).to.deep.include({ kind: 'combined', statusCode: 3, result: { error: 'Action could not be fetched.' } })

    begun(await startCouchPeer(peer.port), (one) => one.stop())
    await scene.deployment.makeDatabases()
    await scene.stored([...ids, unknown.activationId])
    await eventually('the breaker is closed', async () => (await scene.breaker()) === 0)
    await scene.settled(await scene.send(5))
  })

  it('keeps the records of an outage through its own end', async () => {
    const peer = begun(await startCouchPeer(), (one) => one.stop())
    const scene = await set({ hosts: (await kafkaBroker()).hosts, couchUrl: peer.url })
    await peer.stop()
    const ids = await scene.send(10)
    await scene.acked(ids)
    expect(await scene.invoker.process.end('SIGKILL')).to.equal('SIGKILL')
    begun(await startCouchPeer(peer.port), (one) => one.stop())
    await scene.deployment.makeDatabases()
    begun(await startDropIn(scene.deployment), async (one) => void (await one.stop()))
    await scene.stored(ids)
    expect((await scene.acks(ids)).length, 'acks').to.equal(2 * ids.length)
  })

  it('answers while CouchDB does not, and stores the records when it does', async () => {
    const couchUrl = (await couchPeer()).url
    const way = begun(await slowWay(couchUrl), (one) => one.stop())
    const scene = await set({ hosts: (await kafkaBroker()).hosts, couchUrl, invokersCouchUrl: way.url })
    way.hold()
    const ids = await scene.send(50)
    await scene.acked(ids)
    for (const { kind, statusCode } of await scene.acks(ids)) if (kind === 'result') expect(statusCode).to.equal(0)
    way.release()
    await scene.settled([...ids, ...(await scene.send(60))])
  })
})
