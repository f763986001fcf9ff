import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { LinuxKernel } from '../../../../invoker/adapters/kernel/linux.ts'
import { eventually } from '../../../support/eventually.ts'
import { kernel } from '../../../support/factories.ts'

/** Starts a shell command that outlives the shell that started it, and gives its number. */
function orphan(command: string): number {
  return Number(execFileSync('/bin/sh', ['-c', `${command} >/dev/null 2>&1 & echo $!`], { encoding: 'utf8' }))
}

describe('the ends of orphans', () => {
  it('are told with the exit code', async () => {
    expect(await kernel.ended(orphan('sh -c "sleep 0.05; exit 7"'))).to.deep.equal({ kind: 'exit', code: 7 })
  })

  it('are told with the signal', async () => {
    const pid = orphan('sleep 600')
    const end = kernel.ended(pid)
    process.kill(pid, 'SIGTERM')
    expect(await end).to.deep.equal({ kind: 'signal', signal: 15 })
  })

  it('are told when they came before the question', async () => {
    const pid = orphan('sleep 0.05')
    await eventually('it has ended', () => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '))
    expect(await kernel.ended(pid)).to.deep.equal({ kind: 'exit', code: 0 })
  })

  it('leave no zombie', async () => {
    const pid = orphan('sleep 0.05')
    await kernel.ended(pid)
    expect(existsSync(`/proc/${pid}`)).to.equal(false)
  })

  it('are still told when another kernel of the process has stopped', async () => {
    await new LinuxKernel().stop()
    expect(await kernel.ended(orphan('sh -c "sleep 0.05; exit 5"'))).to.deep.equal({ kind: 'exit', code: 5 })
  })

  it('are unknown of a process that is not ours', async () => {
    expect(await kernel.ended(1)).to.deep.equal({ kind: 'unknown' })
  })

  it('are not taken from child_process', async () => {
    expect(() => execFileSync('/bin/sh', ['-c', 'exit 3']))
      .to.throw()
      .with.property('status', 3)
  })
})
