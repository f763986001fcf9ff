import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { LineFile } from '../../../invoker/lib/line-file.ts'
import { type TempDirectory, tempDirectory } from '../../support/temp-directory.ts'

describe('LineFile', () => {
  let directory: TempDirectory
  let file: string
  const open = (magic = 'test 1') => new LineFile({ path: file, magic, isSynced: false })

  beforeEach(async () => {
    directory = await tempDirectory()
    file = path.join(directory.path, 'lines')
  })
  afterEach(() => directory.remove())

  const withLines = (...texts: string[]): void => {
    const lines = open()
    for (const text of texts) lines.append(text)
    lines.close()
  }

  it('finds nothing in a new file, and then what was added', () => {
    withLines()
    withLines('one', 'zwölf ☃', '')
    const again = open()
    again.close()
    expect(again.found).to.deep.equal({ lines: ['one', 'zwölf ☃', ''], damaged: [] })
    expect(again.bytes).to.equal(statSync(file).size)
  })

  it('is for its owner alone', () => {
    withLines('secret')
    expect(statSync(file).mode & 0o777).to.equal(0o600)
  })

  it('has the line in the file when append returns', () => {
    const lines = open()
    lines.append('now')
    expect(readFileSync(file, 'utf8')).to.match(/ now\n$/)
    lines.close()
  })

  it('keeps a line for later until the next one, in order', () => {
    const lines = open()
    lines.append('one')
    lines.appendLater('two')
    expect(readFileSync(file, 'utf8')).to.match(/ one\n$/)
    lines.append('three')
    lines.appendLater('four')
    expect(lines.bytes).to.equal(statSync(file).size)
    lines.close()
    const again = open()
    again.close()
    expect(again.found).to.deep.equal({ lines: ['one', 'two', 'three', 'four'], damaged: [] })
  })

  it('does not read a last line that a kill left without its end, and goes on behind the one before', () => {
    withLines('one', 'two')
    truncateSync(file, statSync(file).size - 2)
    withLines('three')
    const again = open()
    again.close()
    expect(again.found).to.deep.equal({ lines: ['one', 'three'], damaged: [] })
  })

  it('passes over lines that were changed, and names them', () => {
    withLines('one', 'two', 'three')
    writeFileSync(file, readFileSync(file, 'utf8').replace(' two', ' tw0'))
    appendFileSync(file, 'no checksum\n')
    const again = open()
    again.close()
    expect(again.found).to.deep.equal({ lines: ['one', 'three'], damaged: [3, 5] })
  })

  it('refuses a file that is something else', () => {
    withLines('one')
    expect(() => open('test 2')).to.throw(SyntaxError, 'begins with "test 1", not "test 2"')
  })

  it('puts other lines in the place of all, and goes on behind them', () => {
    const lines = open()
    for (let n = 0; n < 100; n += 1) lines.append(`line ${n}`)
    lines.rewrite(['kept'])
    lines.append('new')
    expect(lines.bytes).to.equal(statSync(file).size)
    lines.close()
    const again = open()
    again.close()
    expect(again.found.lines).to.deep.equal(['kept', 'new'])
    expect(existsSync(`${file}.new`)).to.equal(false)
  })
})
