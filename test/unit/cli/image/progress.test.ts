import { expect } from 'chai'
import { barOf, progressView } from '../../../../deploy/cli/image/progress.ts'

const step = { done: 3, total: 6, now: 'importing torch' }

describe('progressView()', () => {
  it('prints a line for each step where nobody watches', () => {
    const lines: string[] = []
    const view = progressView({ complain: (line) => lines.push(line) })
    view.show(step)
    view.end()
    expect(lines).to.deep.equal(['3 of 6: importing torch'])
  })

  it('moves a bar on a terminal, never wider than that, and clears it', () => {
    let written = ''
    const write = (text: string): void => {
      written += text
    }
    const view = progressView({ complain: () => expect.fail(), terminal: { columns: 40, write } })
    view.show(step)
    view.end()
    expect(written).to.equal(`\r\u001B[K[${'#'.repeat(15)}${' '.repeat(15)}] 3/6 im\r\u001B[K`)
  })

  it('draws what is none, and more than all', () => {
    expect(barOf({ done: 0, total: 0, now: 'waiting' })).to.equal(`[${' '.repeat(30)}] 0/0 waiting`)
    expect(barOf({ done: 9, total: 6, now: 'done' })).to.contain(`[${'#'.repeat(30)}]`)
  })
})
