import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { aNetwork, anInstance, aProcessFactory, aRuncFactory, kernel, skip, whyNoRunc } from '../support/factories.ts'
import { faultOf } from '../support/fault-of.ts'
import { hostState } from '../support/host-state.ts'
import { aSpec, ask } from '../support/tiny-runtime.ts'

const never = new AbortController().signal
const doomedScript = resolve(import.meta.dirname, '../support/doomed-invoker.ts')

/** Starts an invoker's factory in a process of its own and resolves when its containers run. */
async function doomed(instance: string, count: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import=tsx', doomedScript, instance, `${count}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

/** Kills it, and takes over the orphans, as the init of a host would. */
async function kill(child: ChildProcess, instance: string): Promise<void> {
  const orphans = processesOf(instance)
  child.kill('SIGKILL')
  await once(child, 'close')
  for (const pid of orphans) kernel.ended(pid).catch(() => undefined)
}

function processesOf(instance: string): number[] {
  const parent = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup']
    .map((hierarchy) => join(hierarchy, `warmwhisk-${instance}`))
    .find((folder) => existsSync(folder))
  if (parent === undefined) return []
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) =>
      readFileSync(join(parent, entry.name, 'cgroup.procs'), 'utf8')
        .split('\n')
        .filter(Boolean),
    )
    .map(Number)
}

describe('removeLeftovers()', () => {
  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })

  it('removes all that a killed invoker left, and puts the host back', async () => {
    const before = hostState()
    const instance = anInstance()
    const child = await doomed(instance, 3)
    await kill(child, instance)
    expect(processesOf(instance)).to.have.length(6)
    expect(await aRuncFactory({ instance }).removeLeftovers()).to.equal(3)
    expect(hostState()).to.deep.equal(before)
  })

  it('touches nothing of another invoker on the host, whose name begins in the same way', async () => {
    const instance = anInstance()
    const other = aRuncFactory({ instance: `${instance}0`, network: aNetwork })
    await other.start()
    const container = await other.create(aSpec(), never)
    const child = await doomed(instance, 1)
    await kill(child, instance)
    expect(await aRuncFactory({ instance }).removeLeftovers()).to.equal(1)
    expect(await ask(container, 'result = open("/proc/net/route").read().count("\\n")')).to.deep.equal({ result: 3 })
    await other.stop()
  })

  it('happens at a start, which then works', async () => {
    const instance = anInstance()
    await kill(await doomed(instance, 1), instance)
    const factory = aRuncFactory({ instance, network: aNetwork })
    await factory.start()
    const container = await factory.create(aSpec(), never)
    expect(await ask(container, 'result = 1')).to.deep.equal({ result: 1 })
    await factory.stop()
  })

  it('refuses while another process runs as the same instance', async () => {
    const instance = anInstance()
    const child = await doomed(instance, 1)
    const factory = aRuncFactory({ instance })
    for (const attempt of [() => factory.removeLeftovers(), () => factory.start()]) {
      const fault = await faultOf(attempt())
      expect([fault.code, fault.message.includes(`process ${child.pid} runs as "${instance}"`)]).to.deep.equal([
        'SETTINGS_WRONG',
        true,
      ])
    }
    await kill(child, instance)
    expect(await factory.removeLeftovers()).to.equal(1)
  })

  it('is nothing after a stop', async () => {
    const factory = aRuncFactory()
    await factory.start()
    await factory.create(aSpec(), never)
    await factory.stop()
    expect(await factory.removeLeftovers()).to.equal(0)
  })
})

describe('removeLeftovers() without isolation', () => {
  it('ends runtimes that a killed invoker left running', async () => {
    const instance = anInstance()
    const factory = aProcessFactory(instance)
    await factory.start()
    const container = await factory.create(aSpec(), never)
    // Another object of the same instance: what a new process would have.
    const next = aProcessFactory(instance)
    expect(await next.removeLeftovers()).to.equal(1)
    expect(await container.exited).to.contain('SIGKILL')
    await factory.stop()
  })
})
