import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { newActivationId } from '../../invoker/domain/ids.ts'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { Deployment } from '../support/a-deployment.ts'
import { aMessage } from '../support/a-message.ts'
import { isFreeing, seenAck } from '../support/acks.ts'
import { type DropIn, forgetDropIn, startDropIn } from '../support/drop-in.ts'
import { eventually } from '../support/eventually.ts'
import { hostState } from '../support/host-state.ts'
import { recorded, recordedLines, shapeOf } from '../support/recordings.ts'

describe('warmwhisk invoker, started as OpenWhisk starts its own', () => {
  let deployment: Deployment
  let invoker: DropIn
  let hello: string

  before(async function () {
    this.timeout(120_000)
    deployment = await Deployment.start()
    hello = await deployment.store(stored('hello'))
    await deployment.store(stored('invokerHealthTestAction0'))
    invoker = await startDropIn(deployment)
  })
  after(async () => {
    await invoker?.stop()
    forgetDropIn(deployment)
    await deployment?.stop()
  })

  /** Acks of an activation, once its slot is free. */
  const acksOf = async (activationId: string): Promise<readonly JsonObject[]> => {
    const mine = async () =>
      (await deployment.read('completed0')).filter((ack) => seenAck(ack).activationId === activationId)
    await eventually(`the slot of ${activationId}`, async () => (await mine()).map(seenAck).some(isFreeing))
    return mine()
  }
  const recordOf = async (activationId: string, namespace: string): Promise<JsonObject> => {
    await eventually('the record', async () => (await deployment.record(activationId, namespace)) !== undefined)
    return (await deployment.record(activationId, namespace)) as unknown as JsonObject
  }

  it('runs a message of a real controller, and tells it what a real invoker would', async () => {
    const message = again('action-with-parameters', { revision: hello })
    await deployment.send(JSON.stringify(message))
    const [result, completion, ...more] = await acksOf(message.activationId)
    expect(more).to.deep.equal([])
    const response = result?.response as JsonObject
    // The one annotation that OpenWhisk has not (docs/compatibility.md).
    const all = response.annotations as readonly JsonObject[]
    const annotations = all.filter(({ key }) => key !== 'warmwhisk')
    expect(all.length - annotations.length).to.equal(1)
    expect(shapeOf({ ...result, response: { ...response, annotations, response: null } })).to.deep.equal(
      shapeOf(withoutResult(recorded('kafka/completed0.result.json'))),
    )
    expect(response.response).to.deep.equal({ statusCode: 0, result: { greeting: 'hi Bob' }, size: 21 })
    expect(result?.transid).to.deep.equal(message.transid)
    expect(response).to.include({ name: 'hello', namespace: 'guest', subject: 'guest', version: '0.0.1' })
    expect(shapeOf(completion ?? null)).to.deep.equal(shapeOf(recorded('kafka/completed0.completion.json')))
    expect(completion).to.deep.include({ transid: message.transid, isSystemError: false, instance: instance() })
  })

  it('stores its record as OpenWhisk does', async () => {
    const message = again('action-with-parameters', { revision: hello })
    await deployment.send(JSON.stringify(message))
    const [result] = await acksOf(message.activationId)
    const { _id, _rev, updated, ...record } = await recordOf(message.activationId, 'guest')
    expect(_id).to.equal(`guest/${message.activationId}`)
    expect(updated).to.be.a('number')
    expect(record).to.deep.equal({ ...(result?.response as JsonObject), entityType: 'activation' })
  })

  it('runs the latest code of an action whose revision is gone', async () => {
    const message = again('action-with-parameters', {})
    await deployment.send(JSON.stringify(message))
    const [result] = await acksOf(message.activationId)
    expect(result).to.have.nested.property('response.response.result.greeting', 'hi Bob')
  })

  it('announces itself each second as a real invoker does', async () => {
    const [ping] = await deployment.read('health')
    expect(shapeOf(ping ?? null)).to.deep.equal(shapeOf(recorded('kafka/health.ping.json')))
    expect(ping).to.deep.equal({ name: instance(), isEnabled: true })
  })

  it('answers the health test so that a controller believes it', async () => {
    const tests = [1, 2, 3].map(() => again('health-test', {}))
    await deployment.send(...tests.map((test) => JSON.stringify(test)))
    for (const test of tests) {
      const acks = await acksOf(test.activationId)
      expect(acks.map((ack) => ({ ...ack }))).to.deep.equal([
        { transid: test.transid, activationId: test.activationId, isSystemError: false, instance: instance() },
      ])
      const record = await recordOf(test.activationId, 'whisk.system')
      expect(record).to.have.nested.property('response.statusCode', 0)
    }
  })

  it('tells of each activation as a user event', async () => {
    const message = again('action-with-parameters', { revision: hello })
    await deployment.send(JSON.stringify(message))
    await acksOf(message.activationId)
    const mine = async () =>
      (await deployment.read('events')).filter(({ body }) => (body as JsonObject).activationId === message.activationId)
    await eventually('the event', async () => (await mine()).length > 0)
    const [event, ...more] = await mine()
    expect(more).to.deep.equal([])
    const real = recordedLines('kafka/events.jsonl').find(
      ({ eventType, namespace }) => eventType === 'Activation' && namespace === 'guest',
    )
    expect(shapeOf(event ?? null)).to.deep.equal(shapeOf(real ?? null))
    expect(event).to.include({ source: 'invoker0', namespace: 'guest', subject: 'guest', eventType: 'Activation' })
    expect(event?.body).to.include({ name: 'guest/hello', statusCode: 0, kind: 'nodejs:20', memory: 256 })
  })

  it('acks and records each of 200 activations that come at once', async () => {
    const { ids, settled } = await batch()
    await settled()
    await expectEachOnce(ids)
  })

  it('stops in the middle of 200 by SIGTERM and leaves nothing on the host; the next one does the rest', async function () {
    this.timeout(120_000)
    const { ids, settled, acked } = await batch()
    await eventually('a part of them', async () => (await acked()) > 20)
    expect(await invoker.stop()).to.equal(0)
    const before = await acked()
    expect(before).to.be.within(20, 199)
    const state = hostState()
    for (const [what, text] of Object.entries(state)) expect(text, what).not.to.include(deployment.name)
    expect(existsSync(`/run/warmwhisk/wsk${deployment.name}0`)).to.equal(false)
    invoker = await startDropIn(deployment)
    await settled()
    await expectEachOnce(ids)
  })

  /** Sends 200 activations of hello, every second of them blocking. */
  async function batch() {
    const action = { action: { path: 'guest', name: 'hello', version: '0.0.1' }, revision: hello }
    const messages = Array.from({ length: 200 }, (_, n) => aMessage({ ...action, blocking: n % 2 === 0 }))
    const ids = messages.map(({ activationId }) => activationId)
    await deployment.send(...messages)
    const mine = new Set<string>(ids)
    const acked = async () =>
      (await deployment.read('completed0')).map(seenAck).filter((ack) => isFreeing(ack) && mine.has(ack.activationId))
        .length
    const settled = () => eventually('200 free slots', async () => (await acked()) >= 200, 40_000)
    return { ids, acked, settled }
  }

  async function expectEachOnce(ids: readonly string[]): Promise<void> {
    const acks = (await deployment.read('completed0')).map(seenAck)
    for (const [n, id] of ids.entries()) {
      const mine = acks.filter(({ activationId }) => activationId === id)
      expect(
        mine.map(({ kind }) => kind),
        id,
      ).to.deep.equal(n % 2 === 0 ? ['result', 'completion'] : ['completion'])
      const record = await recordOf(id, 'guest')
      expect(record).to.have.nested.property('response.result.greeting', 'hi Ada')
    }
  }

  /** How this invoker names itself. */
  function instance(): JsonObject {
    const { name } = recorded('kafka/health.ping.json') as { name: JsonObject }
    return { ...name, uniqueName: deployment.name, userMemory: `${2048 * 1024 * 1024} B` }
  }
})

/** A document as the recorded deployment had stored it. */
function stored(name: string): JsonObject & { readonly _id: string } {
  const { _rev, ...document } = recorded(`couchdb/${name}.json`)
  return document as JsonObject & { readonly _id: string }
}

/** A recorded message with an id of its own. */
function again(name: string, changes: JsonObject): JsonObject & { readonly activationId: string } {
  return { ...recorded(`kafka/invoker0.${name}.json`), ...changes, activationId: newActivationId() }
}

/** A recorded Result, but for what its action returned. */
function withoutResult(ack: JsonObject): JsonObject {
  return { ...ack, response: { ...(ack.response as JsonObject), response: null } }
}
