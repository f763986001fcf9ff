import { expect } from 'chai'
import { skip } from '../support/factories.ts'
import { runProgram } from '../support/run-program.ts'
import { whyNoSample } from '../support/sample-needs.ts'

const setup = (...words: readonly string[]) =>
  runProgram([process.execPath, 'deploy/cli/warmwhisk.mjs', 'setup', ...words])

describe('warmwhisk setup', function () {
  this.timeout(120_000)

  it('lists what can be set up', async () => {
    const { code, stdout } = await setup()
    expect(code).to.equal(0)
    expect(stdout).to.match(/^functionbench: the libraries, npm packages and models .*; (ready|missing: .*)$/m)
  })

  it('says what was meant by another word, and takes one at a time', async () => {
    const { code, stderr } = await setup('functionbnch')
    expect(code).to.equal(2)
    expect(stderr).to.contain('Cannot set up "functionbnch": did you mean "functionbench"?')
    expect(await setup('functionbench', 'more')).to.include({ code: 2 })
  })

  it('does nothing where everything is there', async function () {
    const why = whyNoSample('functionbench/matmul')
    if (why !== undefined) skip(this, why)
    expect(await setup('functionbench')).to.deep.equal({ code: 0, stdout: 'functionbench is ready\n', stderr: '' })
  })
})
