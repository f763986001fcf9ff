import { expect } from 'chai'
import { cpuMs, rssBytes, ticksOf } from '../../bench/lib/usage.ts'

describe('process usage', () => {
  it('reads user and system ticks, not those of waited-for children', () => {
    expect(ticksOf('42 (node) S 1 1 1 0 -1 0 0 0 0 0 130 21 500 400 20 0 11 0')).to.equal(151)
  })

  it('is not led astray by a command name with brackets and spaces', () => {
    expect(ticksOf('42 (a) b (c) S 1 1 1 0 -1 0 0 0 0 0 7 5 0 0 20 0 11 0')).to.equal(12)
  })

  it('grows when the process works', () => {
    const before = cpuMs(process.pid)
    while (cpuMs(process.pid) <= before) JSON.stringify(process.versions)
    expect(cpuMs(process.pid)).to.be.above(before)
  })

  it('reads resident memory in bytes', () => {
    const ratio = rssBytes(process.pid) / process.memoryUsage.rss()
    expect(ratio).to.be.within(0.8, 1.25)
  })

  it('fails for a process that does not exist', () => {
    expect(() => cpuMs(2 ** 22 + 1)).to.throw('ENOENT')
  })
})
