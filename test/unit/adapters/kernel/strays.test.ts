import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { livesElsewhere, strangeChildren } from '../../../../invoker/adapters/kernel/strays.ts'
import { eventually } from '../../../support/eventually.ts'
import { kernel, skip } from '../../../support/factories.ts'

describe('livesElsewhere()', () => {
  it('sees a number in a PID namespace below ours', () => {
    expect(['NSpid:\t71\t3\n', 'NSpid:\t71\n', ''].map(livesElsewhere)).to.deep.equal([true, false, false])
  })
})

describe('adoptStrays()', () => {
  it('reaps what lives in another PID namespace and nobody waits for, and nothing else', async function () {
    if (process.getuid?.() !== 0) skip(this, 'needs root')
    // What unshare starts becomes ours when unshare is killed.
    const parent = spawn('unshare', ['--pid', '--fork', 'sleep', '600'], { stdio: 'ignore' })
    const ours = spawn('sleep', ['600'], { stdio: 'ignore' })
    await eventually('a process in a namespace of its own', () => childrenOf(parent.pid).length === 1)
    const [stray = -1] = childrenOf(parent.pid)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    // Other tests may have left zombies, which are reaped with it.
    expect(strangeChildren()).to.include(stray).and.not.to.include(ours.pid)
    expect(kernel.adoptStrays()).to.be.at.least(1)
    expect(kernel.adoptStrays()).to.equal(0)
    process.kill(stray, 'SIGKILL')
    await eventually('it is reaped', () => !existsSync(`/proc/${stray}`))
    const end = once(ours, 'exit')
    ours.kill('SIGTERM')
    expect(await end).to.deep.equal([null, 'SIGTERM'])
  })
})

function childrenOf(pid: number | undefined): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}
