import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { runProgram } from '../../support/run-program.ts'

const suites = {
  good: "it('passes', () => {})",
  failing: "it('passes', () => {}); it('fails', () => { throw new Error('no') })",
  skipping: "it('passes', () => {}); it('skips', function () { this.skip() })",
  blocked: "before(() => { throw new Error('no') }); it('one', () => {}); it('two', () => {})",
}

describe('the closing line of a test run', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'closing-'))
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  async function close(suite: keyof typeof suites, ci: string) {
    const file = path.join(folder, 'suite.cjs')
    writeFileSync(file, `describe('suite', () => { ${suites[suite]} })`)
    const mocha = [
      'node_modules/mocha/bin/mocha.js',
      '--no-config',
      '--reporter',
      'test/support/closing-line.cjs',
      file,
    ]
    const { code, stdout } = await runProgram([process.execPath, ...mocha], { CI: ci })
    return { code, lines: stdout.trimEnd().split('\n').slice(-2) }
  }

  it('counts what passed, failed and was skipped', async () => {
    expect(await close('good', '')).to.deep.include({ code: 0, lines: ['', '1 passed, 0 failed, 0 skipped'] })
    expect((await close('failing', '')).lines[1]).to.equal('1 passed, 1 failed, 0 skipped')
    expect(await close('skipping', '')).to.deep.include({ code: 0, lines: ['', '1 passed, 0 failed, 1 skipped'] })
  })

  it('fails a run with a skipped test where CI is true', async () => {
    const { code, lines } = await close('skipping', 'true')
    expect(code).to.equal(1)
    expect(lines).to.deep.equal(['Nothing may be skipped where CI is true', '1 passed, 0 failed, 1 skipped'])
  })

  it('tells of tests that a failed hook kept from running', async () => {
    const { code, lines } = await close('blocked', '')
    expect(code).to.equal(1)
    expect(lines).to.deep.equal(['2 tests did not run: a hook before them failed', '0 passed, 1 failed, 0 skipped'])
  })
})
