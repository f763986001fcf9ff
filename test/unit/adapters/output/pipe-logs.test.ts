import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { systemClock } from '../../../../invoker/adapters/clock/system-clock.ts'
import { PipeLogs } from '../../../../invoker/adapters/output/pipe-logs.ts'
import type { LogTake } from '../../../../invoker/ports/containers.ts'

const sentinel = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n'
const taking: LogTake = { awaitSentinels: true, limitBytes: 1e6, idleMs: 2000, timeoutMs: 60_000 }

describe('PipeLogs', () => {
  let stdout: PassThrough
  let stderr: PassThrough
  let logs: PipeLogs
  beforeEach(() => {
    stdout = new PassThrough()
    stderr = new PassThrough()
    logs = new PipeLogs({ stdout, stderr, clock: systemClock, maxBytes: 10_000 })
  })

  async function take(more: Partial<LogTake> = {}): Promise<string[]> {
    const { lines, end } = await logs.take({ ...taking, ...more })
    return [...lines.map(({ text }) => text), `(${end})`]
  }

  it('gives each activation its own lines, whatever order the streams are read in', async () => {
    stdout.write(`one\n${sentinel}two\n${sentinel}`)
    stderr.write(`oops one\n${sentinel}oops two\n${sentinel}`)
    expect((await take()).sort()).to.deep.equal(['(sentinels)', 'one', 'oops one'])
    expect((await take()).sort()).to.deep.equal(['(sentinels)', 'oops two', 'two'])
  })

  it('waits for the second stream', async () => {
    stdout.write(`one\n${sentinel}`)
    const taken = take()
    stderr.write(sentinel)
    expect(await taken).to.deep.equal(['one', '(sentinels)'])
  })

  it('drops a line with the sentinel anywhere in it', async () => {
    stdout.write(`kept\nno newline before ${sentinel}`)
    stderr.write(sentinel)
    expect(await take()).to.deep.equal(['kept', '(sentinels)'])
  })

  it('drops, when asked, what is left behind a sentinel that was one too many', async () => {
    stdout.write(`one\n${sentinel}left\n${sentinel}late\n`)
    stderr.write(sentinel)
    expect(await take()).to.deep.equal(['one', '(sentinels)'])
    logs.dropRest()
    stdout.write(`two\n${sentinel}`)
    stderr.write(sentinel)
    expect(await take()).to.deep.equal(['late', 'two', '(sentinels)'])
    logs.dropRest()
    stdout.write(`three\n${sentinel}`)
    stderr.write(sentinel)
    expect(await take()).to.deep.equal(['three', '(sentinels)'])
  })

  it('stops at the limit, before the line that would go over it', async () => {
    stdout.write(`${'x'.repeat(100)}\n${'y'.repeat(100)}\n`)
    expect(await take({ limitBytes: 200 })).to.deep.equal(['x'.repeat(100), '(limit)'])
  })

  it('keeps the oldest lines when its buffer is full, and tells of the limit', async () => {
    stdout.write(`${'x'.repeat(99)}\n`.repeat(1000) + sentinel)
    stderr.write(sentinel)
    const taken = await take()
    expect(taken.at(-1)).to.equal('(limit)')
    expect(taken.length).to.be.within(40, 60)
  })

  it('has room again after a take', async () => {
    for (let round = 0; round < 50; round += 1) {
      stdout.write(`${'x'.repeat(5000)}\n${sentinel}`)
      stderr.write(sentinel)
      expect((await take()).at(-1)).to.equal('(sentinels)')
    }
  })

  it('stays bounded when nobody takes logs, and goes on', async () => {
    for (let round = 0; round < 500; round += 1) {
      stdout.write(`${'x'.repeat(50)}\n${sentinel}`)
      stderr.write(sentinel)
    }
    expect((await take()).at(-1)).to.be.oneOf(['(sentinels)', '(limit)'])
  })

  it('gives up after a silence, and keeps the place for what comes late', async () => {
    stdout.write('early\n')
    expect(await take({ idleMs: 10 })).to.deep.equal(['early', '(idle)'])
    stdout.write(`late\n${sentinel}`)
    stderr.write(sentinel)
    expect(await take()).to.deep.equal(['late', '(sentinels)'])
  })

  it('gives up when its time is over, although more comes all the time', async () => {
    const printing = setInterval(() => stdout.write('more\n'), 5)
    try {
      expect((await take({ timeoutMs: 50 })).at(-1)).to.equal('(idle)')
    } finally {
      clearInterval(printing)
    }
  })

  it('knows that a closed stream has nothing to come', async () => {
    stdout.end('last')
    stderr.write(sentinel)
    expect(await take()).to.deep.equal(['last', '(closed)'])
  })

  it('takes an error of a pipe for its end', async () => {
    stdout.destroy(new Error('broken'))
    stderr.end()
    expect(await take()).to.deep.equal(['(closed)'])
  })
})
