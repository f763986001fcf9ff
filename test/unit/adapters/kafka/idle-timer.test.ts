import { createRequire } from 'node:module'
import { expect } from 'chai'
import {
  type RequestQueue,
  type RequestQueueClass,
  stopIdleTimer,
} from '../../../../invoker/adapters/kafka/idle-timer.ts'
import { eventually } from '../../../support/eventually.ts'

interface WholeQueue extends RequestQueue {
  push(request: object): void
  fulfillRequest(response: object): void
  destroy(): void
}
type QueueClass = RequestQueueClass & (new (options: object) => WholeQueue)

const require = createRequire(import.meta.url)
const file = 'kafkajs/src/network/requestQueue/index.js'

/** The class as kafkajs has it, whatever was patched before. */
function pristine(): QueueClass {
  const cached = require.cache[require.resolve(file)]
  delete require.cache[require.resolve(file)]
  const fresh = require(file) as QueueClass
  if (cached) require.cache[require.resolve(file)] = cached
  return fresh
}

function aQueue(queueClass: QueueClass, more: object = {}): WholeQueue {
  const quiet = { debug: () => undefined, warn: () => undefined }
  return new queueClass({
    requestTimeout: 30_000,
    enforceRequestTimeout: false,
    clientId: 'a',
    broker: 'b',
    logger: quiet,
    ...more,
  })
}

function aRequest(correlationId: number, sent: number[]): object {
  const entry = { correlationId, resolve: () => undefined, reject: () => undefined }
  return { entry, expectResponse: true, sendRequest: () => sent.push(correlationId) }
}

describe('stopIdleTimer()', () => {
  const original = globalThis.setTimeout
  let armed = 0

  beforeEach(() => {
    armed = 0
    const counting = (...args: Parameters<typeof setTimeout>) => {
      if (new Error().stack?.includes('requestQueue')) armed += 1
      return original(...args)
    }
    globalThis.setTimeout = Object.assign(counting, original) as typeof setTimeout
  })
  afterEach(() => {
    globalThis.setTimeout = original
  })

  it('is still needed: an idle connection of kafkajs arms a timer again and again', async () => {
    const queue = aQueue(pristine())
    queue.push(aRequest(1, []))
    queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 })
    await eventually('ten timers, or kafkajs no longer arms them and the patch can go', () => armed >= 10, 2000)
    queue.destroy()
  })

  it('leaves an idle connection without a timer', () => {
    const queueClass = pristine()
    stopIdleTimer(queueClass)
    const queue = aQueue(queueClass)
    const sent: number[] = []
    queue.push(aRequest(1, sent))
    queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 })
    expect(sent).to.deep.equal([1])
    expect(armed).to.equal(0)
  })

  it('still sends what has to wait for an answer before it', async () => {
    const queueClass = pristine()
    stopIdleTimer(queueClass)
    const queue = aQueue(queueClass, { maxInFlightRequests: 1 })
    const sent: number[] = []
    for (const id of [1, 2]) queue.push(aRequest(id, sent))
    expect(sent).to.deep.equal([1])
    queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 })
    expect(sent).to.deep.equal([1, 2])
    queue.destroy()
  })

  it('still sends what the broker throttled, when it may', async () => {
    const queueClass = pristine()
    stopIdleTimer(queueClass)
    const queue = aQueue(queueClass)
    const sent: number[] = []
    Object.assign(queue, { throttledUntil: Date.now() + 30 })
    queue.push(aRequest(1, sent))
    expect(sent).to.deep.equal([])
    await eventually('the throttled request', () => sent.length === 1)
    queue.destroy()
  })

  it('patches once', () => {
    const queueClass = pristine()
    stopIdleTimer(queueClass)
    const once = queueClass.prototype.scheduleCheckPendingRequests
    stopIdleTimer(queueClass)
    expect(queueClass.prototype.scheduleCheckPendingRequests).to.equal(once)
  })
})
