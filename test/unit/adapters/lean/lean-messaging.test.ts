import { statSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { LeanMessaging } from '../../../../invoker/adapters/lean/lean-messaging.ts'
import { isFault } from '../../../../invoker/faults/fault.ts'
import { aLog } from '../../../support/a-log.ts'
import { eventually } from '../../../support/eventually.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

const options = { topic: 'invoker0', group: 'invoker0', maxInFlight: 8, from: 'earliest' } as const
const never = () => new Promise<void>(() => undefined)

describe('LeanMessaging with files', () => {
  let directory: TempDirectory
  let messaging: LeanMessaging

  beforeEach(async () => {
    directory = await tempDirectory()
    messaging = open()
  })
  afterEach(async () => {
    await messaging.stop(AbortSignal.abort())
    await directory.remove()
  })

  const file = () => path.join(directory.path, 'invoker0.topic')
  function open(): LeanMessaging {
    const isDurable = (topic: string) => topic.startsWith('invoker')
    return new LeanMessaging({ log: aLog(), durability: { directory: directory.path, isDurable, isSynced: false } })
  }
  async function restart(): Promise<LeanMessaging> {
    await messaging.stop(AbortSignal.abort())
    messaging = open()
    return messaging
  }
  async function offsetsSeen(count: number): Promise<string[]> {
    const seen: string[] = []
    await messaging.subscribe(options, async ({ offset }) => void seen.push(offset))
    await eventually(`${count} messages`, () => seen.length >= count)
    return seen
  }

  it('delivers after a restart each message that was not done, and no other', async () => {
    await messaging.subscribe(options, ({ offset }) => (Number(offset) % 2 === 0 ? Promise.resolve() : never()))
    for (let n = 0; n < 6; n += 1) await messaging.send('invoker0', `{"n":${n}}`)
    await restart()
    await messaging.send('invoker0', '"new"')
    expect(await offsetsSeen(4)).to.deep.equal(['1', '3', '5', '6'])
  })

  it('keeps texts as they are', async () => {
    const text = '{"a": "line\nfeed ☃ \\u0000"}'
    await messaging.send('invoker0', text)
    await restart()
    const seen: string[] = []
    for await (const { value } of messaging.readFrom('invoker0', '0')) seen.push(String(value))
    expect(seen).to.deep.equal([text])
  })

  it('keeps only what it is told to keep', async () => {
    await messaging.send('health', '1')
    await messaging.send('invoker0', '1')
    await restart()
    expect([await messaging.endOffset('health'), await messaging.endOffset('invoker0')]).to.deep.equal(['0', '1'])
  })

  it('does not deliver a message whose line a kill cut', async () => {
    await messaging.send('invoker0', '"whole"')
    await messaging.send('invoker0', '"cut"')
    await messaging.stop(AbortSignal.abort())
    truncateSync(file(), statSync(file()).size - 3)
    messaging = open()
    expect(await messaging.endOffset('invoker0')).to.equal('1')
  })

  it('goes on counting where it was, when everything is done and forgotten', async () => {
    const seen = offsetsSeen(3)
    for (let n = 0; n < 3; n += 1) await messaging.send('invoker0', '1')
    await seen
    await restart()
    await restart()
    await messaging.send('invoker0', '1')
    expect(await offsetsSeen(1)).to.deep.equal(['3'])
  })

  it('stays small when messages come and go', async () => {
    const handled: string[] = []
    await messaging.subscribe(options, async ({ offset }) => void handled.push(offset))
    for (let n = 1; n <= 2000; n += 1) {
      await messaging.send('invoker0', 'x'.repeat(200))
      if (n % 100 === 0) await eventually('these', () => handled.length === n)
    }
    await eventually('all', () => handled.length === 2000)
    expect(statSync(file()).size).to.be.lessThan(150_000)
  })

  it('does not share its directory', () => {
    try {
      open()
      expect.fail('no fault')
    } catch (error) {
      expect(isFault(error, 'STORE_BUSY')).to.equal(true)
    }
  })
})

describe('LeanMessaging', () => {
  it('keeps the last thousand messages of a topic that nobody reads', async () => {
    const messaging = new LeanMessaging({ log: aLog() })
    for (let n = 0; n < 1500; n += 1) await messaging.send('health', String(n))
    const kept: string[] = []
    for await (const { offset } of messaging.readFrom('health', '0')) kept.push(offset)
    expect([kept.length, kept[0], await messaging.endOffset('health')]).to.deep.equal([1000, '500', '1500'])
  })

  it('refuses a second reader for a group', async () => {
    const messaging = new LeanMessaging({ log: aLog() })
    await messaging.subscribe(options, never)
    const error = await messaging.subscribe(options, never).catch((reason: unknown) => reason)
    expect(String(error)).to.contain('that group has a reader')
  })

  it('logs why a handler failed, with the message', async () => {
    const log = aLog()
    const messaging = new LeanMessaging({ log })
    await messaging.subscribe(options, () => Promise.reject(new Error('no')))
    await messaging.send('invoker0', '1')
    await eventually('the line', () => log.lines.length === 1)
    expect(log.lines[0]?.fields).to.include({ topic: 'invoker0', offset: '0' })
  })
})
