import { expect } from 'chai'
import type { EachBatchPayload } from 'kafkajs'
import { HandOut } from '../../../../invoker/adapters/kafka/hand-out.ts'
import { type Deferred, deferred } from '../../../../invoker/lib/deferred.ts'
import { aLog } from '../../../support/a-log.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

function aHandOut(maxInFlight: number) {
  const clock = new FakeClock()
  const log = aLog()
  const held = new Map<string, Deferred<void>>()
  const handed: string[] = []
  const handOut = new HandOut({
    maxInFlight,
    heartbeatIntervalMs: 10_000,
    clock,
    log,
    onDone: () => undefined,
    onMessage: ({ offset }) => {
      handed.push(offset)
      const one = deferred()
      held.set(offset, one)
      return one.promise
    },
  })
  return { clock, log, held, handed, handOut }
}

/** What kafkajs gives to a handler, as far as it is looked at. */
function aBatch(
  offsets: readonly number[],
  { heartbeat = () => Promise.resolve(), highWatermark = '1000' } = {},
): EachBatchPayload {
  const messages = offsets.map((offset) => ({ offset: String(offset), value: Buffer.from(`${offset}`) }))
  const batch = { topic: 't', partition: 0, highWatermark, messages }
  return { batch, heartbeat, isRunning: () => true } as unknown as EachBatchPayload
}

describe('HandOut', () => {
  it('takes a batch that fits without waiting for its handlers', async () => {
    const { handOut, handed, clock } = aHandOut(4)
    await handOut.batch(aBatch([0, 1, 2]))
    expect(handed).to.deep.equal(['0', '1', '2'])
    expect(clock.timers).to.equal(0)
  })

  it('holds the rest of a batch back, so that nothing more is fetched, until there is room', async () => {
    const { handOut, held, handed } = aHandOut(1)
    let isTaken = false
    const taken = handOut.batch(aBatch([0, 1])).then(() => {
      isTaken = true
    })
    await turn()
    expect([handed, isTaken]).to.deep.equal([['0'], false])
    held.get('0')?.resolve()
    await taken
    expect(handed).to.deep.equal(['0', '1'])
  })

  it('beats its heart for as long as it waits, and no longer', async () => {
    const { handOut, held, clock } = aHandOut(1)
    let beats = 0
    const heartbeat = async () => {
      beats += 1
    }
    const taken = handOut.batch(aBatch([0, 1], { heartbeat }))
    await turn()
    clock.pass(600_000)
    expect(beats).to.equal(120)
    held.get('0')?.resolve()
    await taken
    expect(clock.timers).to.equal(0)
  })

  it('gives the batch back with the error of a heartbeat, and hands nothing of it out twice', async () => {
    const { handOut, held, handed, clock } = aHandOut(1)
    const lost = new Error('rebalancing')
    const first = handOut
      .batch(aBatch([0, 1], { heartbeat: () => Promise.reject(lost) }))
      .catch((error: unknown) => error)
    await turn()
    clock.pass(5000)
    expect(await first).to.equal(lost)
    const second = handOut.batch(aBatch([0, 1]))
    held.get('0')?.resolve()
    await second
    expect(handed).to.deep.equal(['0', '1'])
  })

  it('hands nothing out once it is closed, and is idle when the last handler ended', async () => {
    const { handOut, held, handed } = aHandOut(1)
    const taken = handOut.batch(aBatch([0, 1]))
    await turn()
    handOut.close()
    await taken
    await handOut.batch(aBatch([2]))
    expect(handed).to.deep.equal(['0'])
    let isIdle = false
    const idle = handOut.idle().then(() => {
      isIdle = true
    })
    await turn()
    expect(isIdle).to.equal(false)
    held.get('0')?.resolve()
    await idle
  })

  it('takes a handler that throws for done, and logs it', async () => {
    const { handOut, held, log } = aHandOut(1)
    await handOut.batch(aBatch([0]))
    held.get('0')?.reject(new Error('no'))
    await handOut.idle()
    expect(handOut.open()).to.deep.equal([{ partition: 0, offset: 1 }])
    expect(log.lines.map(({ level }) => level)).to.deep.equal(['error'])
  })

  it('begins anew where a topic was deleted and made again', async () => {
    const { handOut, handed, log } = aHandOut(9)
    await handOut.batch(aBatch([0, 1, 2]))
    await handOut.batch(aBatch([0, 1], { highWatermark: '2' }))
    expect(handed).to.deep.equal(['0', '1', '2', '0', '1'])
    expect(log.lines.map(({ level }) => level)).to.deep.equal(['warn'])
  })
})
