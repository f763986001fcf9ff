import { expect } from 'chai'
import { isFault } from '../../invoker/faults/fault.ts'
import { type Deferred, deferred } from '../../invoker/lib/deferred.ts'
import type { Incoming, Messaging, SubscribeOptions } from '../../invoker/ports/messaging.ts'
import { eventually } from '../support/eventually.ts'

/** How the suite gets at an adapter. */
export interface MessagingHarness {
  /** A messaging on the same broker or directory each time. */
  open(): Promise<Messaging>
  /** Whether messages are there when all that was open has ended. */
  readonly isDurable: boolean
  close?(): Promise<void>
}

const hour = 3_600_000
const maxMessageBytes = 1_054_644

/** What every {@link Messaging} does. */
export function messagingContract(name: string, harness: () => Promise<MessagingHarness>): void {
  describe(`${name} as Messaging`, () => {
    let its: MessagingHarness
    let messaging: Messaging
    let topic: string
    const opened: Messaging[] = []

    const open = async (): Promise<Messaging> => {
      const one = await its.open()
      opened.push(one)
      return one
    }
    const options = (more: Partial<SubscribeOptions> = {}): SubscribeOptions => ({
      topic,
      group: topic,
      maxInFlight: 8,
      from: 'earliest',
      ...more,
    })
    const soon = () => AbortSignal.timeout(10_000)

    before(async () => {
      its = await harness()
    })
    after(() => its.close?.())
    beforeEach(async () => {
      messaging = await open()
      topic = `contract-${crypto.randomUUID()}`
      await messaging.ensureTopic({ name: topic, retentionMs: hour, maxMessageBytes })
    })
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.stop(AbortSignal.timeout(5000))
    })

    it('ensures a topic that is there already', async () => {
      await messaging.ensureTopic({ name: topic, retentionMs: 2 * hour })
      await messaging.send(topic, '{}')
    })

    it('delivers the messages of a topic in the order of their sending, each once', async () => {
      const got: string[] = []
      await messaging.subscribe(options(), async ({ value }) => void got.push(String(value)))
      const texts = Array.from({ length: 500 }, (_, i) => `{"n":${i}}`)
      await Promise.all(texts.map((text) => messaging.send(topic, text)))
      await eventually('500 messages', () => got.length >= 500)
      expect(got).to.deep.equal(texts)
    })

    it('delivers what was sent before the group subscribed from the earliest', async () => {
      await messaging.send(topic, '"first"')
      const got: Incoming[] = []
      await messaging.subscribe(options(), async (message) => void got.push(message))
      await eventually('the message', () => got.length > 0)
      expect(got).to.deep.equal([{ topic, partition: 0, offset: '0', value: Buffer.from('"first"') }])
    })

    it('delivers only what is sent after the group subscribed from the latest', async () => {
      await messaging.send(topic, '"old"')
      const got: string[] = []
      await messaging.subscribe(options({ from: 'latest' }), async ({ value }) => void got.push(String(value)))
      await messaging.send(topic, '"new"')
      await eventually('the message', () => got.length > 0)
      expect(got).to.deep.equal(['"new"'])
    })

    it('delivers every message to each group', async () => {
      const got: string[] = []
      for (const group of ['a', 'b']) {
        await messaging.subscribe(options({ group: `${topic}-${group}` }), async () => void got.push(group))
      }
      await messaging.send(topic, '1')
      await eventually('both', () => got.length === 2)
      expect(got.sort()).to.deep.equal(['a', 'b'])
    })

    it('hands out at most maxInFlight messages that are not done, and goes on when one is', async () => {
      const held: Deferred<void>[] = []
      await messaging.subscribe(options({ maxInFlight: 3 }), () => {
        const one = deferred()
        held.push(one)
        return one.promise
      })
      for (let i = 0; i < 5; i += 1) await messaging.send(topic, String(i))
      await eventually('three', () => held.length === 3)
      held[1]?.resolve()
      await eventually('the fourth', () => held.length === 4)
      expect(held.length).to.equal(4)
      for (const one of held) one.resolve()
      await eventually('the fifth', () => held.length === 5)
      held[4]?.resolve()
    })

    it('counts a rejected message as done and goes on', async () => {
      const got: string[] = []
      await messaging.subscribe(options({ maxInFlight: 1 }), async ({ value }) => {
        got.push(String(value))
        throw new Error('no handler for this')
      })
      await messaging.send(topic, '1')
      await messaging.send(topic, '2')
      await eventually('both', () => got.length === 2)
      expect(got).to.deep.equal(['1', '2'])
    })

    it('delivers again after a stop what was not done, and not what was done before it', async () => {
      let taken = 0
      const first = await messaging.subscribe(options(), ({ value }) => {
        taken += 1
        return String(value) === '"done"' ? Promise.resolve() : new Promise(() => undefined)
      })
      for (const text of ['"done"', '"open"', '"done"']) await messaging.send(topic, text)
      await eventually('all taken', () => taken === 3)
      await first.stop(AbortSignal.timeout(300))
      const again: string[] = []
      if (its.isDurable) await messaging.stop(AbortSignal.abort())
      const next = its.isDurable ? await open() : messaging
      await next.subscribe(options(), async ({ offset }) => void again.push(offset))
      await eventually('the open one', () => again.includes('1'))
      expect(again).to.not.include('0')
    })

    it('tells what was committed, and never beyond a message that is not done', async () => {
      const commits: number[] = []
      const held = deferred()
      await messaging.subscribe(
        options({ onCommitted: ({ offset }) => void commits.push(Number(offset)) }),
        ({ offset }) => (offset === '2' ? held.promise : Promise.resolve()),
      )
      for (let i = 0; i < 5; i += 1) await messaging.send(topic, String(i))
      await eventually('a commit of two', () => commits.at(-1) === 2)
      held.resolve()
      await eventually('a commit of all', () => commits.at(-1) === 5)
      expect(Math.max(...commits.slice(0, -1))).to.be.lessThan(6)
    })

    it('waits at a stop for what is handed out, and hands out nothing more', async () => {
      const held = deferred()
      const got: string[] = []
      const subscription = await messaging.subscribe(options({ maxInFlight: 1 }), async ({ offset }) => {
        got.push(offset)
        await held.promise
      })
      await messaging.send(topic, '1')
      await messaging.send(topic, '2')
      await eventually('the first', () => got.length === 1)
      let hasStopped = false
      const stopped = subscription.stop(soon()).then(() => {
        hasStopped = true
      })
      await messaging.send(topic, '3')
      expect(hasStopped).to.equal(false)
      held.resolve()
      await stopped
      expect(got).to.deep.equal(['0'])
    })

    it('refuses a message that is too large before it sends, and goes on', async () => {
      const error = await messaging.send(topic, `"${'x'.repeat(maxMessageBytes)}"`).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(isFault(error, 'MESSAGE_TOO_LARGE')).to.equal(true)
      await messaging.send(topic, '1')
      expect(await messaging.endOffset(topic)).to.equal('1')
    })

    it('carries the largest message that it does not refuse', async () => {
      const got: number[] = []
      await messaging.subscribe(options(), async ({ value }) => void got.push(value.length))
      await messaging.send(topic, 'x'.repeat(1_048_576 + 5000))
      await eventually('the message', () => got.length === 1)
      expect(got).to.deep.equal([1_053_576])
    })

    it('knows the end of a topic, and that one that is not there has none', async () => {
      expect(await messaging.endOffset(topic)).to.equal('0')
      await messaging.send(topic, '1')
      await messaging.send(topic, '2')
      expect(await messaging.endOffset(topic)).to.equal('2')
      expect(await messaging.endOffset(`${topic}-missing`)).to.equal('0')
    })

    it('reads back from an offset to the end as of the call', async () => {
      for (const text of ['"a"', '"b"', '"c"']) await messaging.send(topic, text)
      const read: string[] = []
      for await (const { offset, value } of messaging.readFrom(topic, '1')) read.push(`${offset} ${value}`)
      expect(read).to.deep.equal(['1 "b"', '2 "c"'])
    })

    it('reads back nothing from the end, from beyond it, and where no topic is', async () => {
      await messaging.send(topic, '1')
      const read: Incoming[] = []
      for (const offset of ['1', '7']) {
        for await (const message of messaging.readFrom(topic, offset)) read.push(message)
      }
      for await (const message of messaging.readFrom(`${topic}-missing`, '0')) read.push(message)
      expect(read).to.deep.equal([])
    })
  })
}
