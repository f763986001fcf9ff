import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { expect } from 'chai'
import type { ForkEngine } from '../../invoker/adapters/fork/fork-engine.ts'
import type { RuncContainer } from '../../invoker/adapters/runc/container.ts'
import type { BuildLimits, LiveImage } from '../../invoker/ports/image-engine.ts'
import { aForkEngine, aPythonSpec, buildLimits, type ForkParts } from '../support/a-fork-engine.ts'
import { aModuleRecipe } from '../support/a-module-recipe.ts'
import { eventually } from '../support/eventually.ts'
import { aRuncFactory, skip, whyNoRunc } from '../support/factories.ts'
import { faultOf } from '../support/fault-of.ts'
import { isAlive } from '../support/is-alive.ts'
import { runs } from '../support/python-action.ts'

const plain = aModuleRecipe(['json', 'plain_module'])

describe('the template of the fork engine', () => {
  let parts: ForkParts
  let engine: ForkEngine
  let made: RuncContainer[] = []

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })
  beforeEach(async () => {
    parts = await aForkEngine({}, { answerMs: 1000 })
    engine = parts.engine
  })
  afterEach(async () => {
    await Promise.all(made.map((container) => container.destroy()))
    made = []
    await engine.stop()
    await parts.factory.stop()
  })

  const build = (recipe = plain, limits: Partial<BuildLimits> = {}): Promise<LiveImage> =>
    engine.build(recipe, buildLimits(limits))
  async function restore(image: LiveImage): Promise<RuncContainer> {
    const container = (await image.restore(aPythonSpec(), new AbortController().signal)) as RuncContainer
    made.push(container)
    return container
  }

  describe('seen from outside', () => {
    it('has one thread, one socket, three capabilities and no way to more', async () => {
      const pid = parentOf(await restore(await build()))
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      const masks = status.match(/^Cap\w+:\t\w+$/gm)?.map((line) => Number.parseInt(line.split('\t')[1] ?? '', 16))
      const three = (1 << 8) | (1 << 18) | (1 << 21)
      expect(masks).to.deep.equal([three, three, three, three, three])
      expect(status).to.match(/^NoNewPrivs:\t1$/m)
      expect(status).to.match(/^Uid:\t65534\t65534\t65534\t65534$/m)
      expect(status).to.match(/^Threads:\t1$/m)
      const sockets = readdirSync(`/proc/${pid}/fd`).filter((fd) =>
        readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:'),
      )
      expect(sockets).to.deep.equal(['3'])
    })

    it('has namespaces of its own, but for processes', async () => {
      const pid = parentOf(await restore(await build()))
      const differs = (name: string): boolean =>
        readlinkSync(`/proc/${pid}/ns/${name}`) !== readlinkSync(`/proc/self/ns/${name}`)
      expect(['mnt', 'net', 'ipc', 'uts', 'cgroup'].filter(differs).length).to.equal(5)
      expect(differs('pid')).to.equal(false)
    })

    it('cannot write to its root, reaches no network, and sees no process of another user', async () => {
      const pid = parentOf(await restore(await build()))
      const mounts = readFileSync(`/proc/${pid}/mounts`, 'utf8').trim().split('\n')
      const writable = mounts.filter((line) => line.split(' ')[3]?.startsWith('rw')).map((line) => line.split(' ')[1])
      const ours = ['/proc', '/dev', '/dev/shm', '/tmp', '/work']
      expect(writable.filter((path) => !ours.includes(path ?? '') && !path?.startsWith('/proc/'))).to.deep.equal([])
      const net = readFileSync(`/proc/${pid}/net/dev`, 'utf8').match(/^\s*\w+:/gm)
      expect(net?.map((name) => name.trim())).to.deep.equal(['lo:'])
      const owners = execFileSync(
        'nsenter',
        ['--mount', '--target', `${pid}`, '-S', '65534', '-G', '65534', 'sh', '-c', 'stat -c %u /proc/[0-9]*'],
        { encoding: 'utf8' },
      )
      expect([...new Set(owners.trim().split('\n'))]).to.deep.equal(['65534'])
    })
  })

  describe('that ends', () => {
    it('is noticed at once; its children live on, and their ends are told', async () => {
      const image = await build()
      const [first, second] = [await restore(image), await restore(image)]
      process.kill(parentOf(first), 'SIGKILL')
      expect(await image.ended).to.contain('The template is gone')
      expect((await faultOf(image.restore(aPythonSpec(), new AbortController().signal))).code).to.equal('IMAGE_RESTORE')
      expect(await runs(first, 'result = 1')).to.equal(1)
      await eventually('they are our children', () => parentOf(first) === process.pid)
      await runs(first, 'os._exit(3)').catch(() => undefined)
      expect(await first.exited).to.equal('The runtime ended with exit code 3')
      await second.destroy()
      expect(await second.exited).to.equal('The runtime ended by SIGKILL')
    })

    it('is gone with its container, whose control groups its children have left', async () => {
      const image = await build()
      const container = await restore(image)
      await image.drop()
      const groups = readFileSync(`/proc/${container.runtimePid}/cgroup`, 'utf8').trim().split('\n')
      expect(groups.filter((line) => line.includes('template'))).to.deep.equal([])
      expect(await runs(container, 'result = 1')).to.equal(1)
    })

    it('in the middle of many restores fails each of them or none, and nothing is left', async () => {
      const image = await build()
      const pid = parentOf(await restore(image))
      const restores = Array.from({ length: 8 }, () => restore(image).catch((error) => error.code))
      await Promise.race(restores)
      process.kill(pid, 'SIGKILL')
      for (const outcome of await Promise.all(restores)) {
        if (typeof outcome === 'string') expect(outcome).to.equal('IMAGE_RESTORE')
        else expect(await runs(outcome, 'result = 1')).to.equal(1)
      }
    })

    it('with a child that nobody knows leaves no zombie', async () => {
      const image = await build()
      const pid = parentOf(await restore(image))
      // It stands still with the request in its socket; when it goes on, it forks, and is killed before it can say so, perhaps.
      for (let round = 0; round < 5 && isAlive(pid); round += 1) {
        process.kill(pid, 'SIGSTOP')
        const failed = restore(image).catch((error) => error.code)
        await eventually('the request is sent', () => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T '))
        process.kill(pid, 'SIGCONT')
        setImmediate(() => process.kill(pid, 'SIGKILL'))
        await failed
      }
    })
  })

  describe('that is stuck', () => {
    it('is ended when it does not answer in time, and nothing is left', async () => {
      const image = await build()
      const container = await restore(image)
      const pid = parentOf(container)
      process.kill(pid, 'SIGSTOP')
      const fault = await faultOf(image.restore(aPythonSpec(), new AbortController().signal))
      expect([fault.code, fault.message]).to.deep.equal([
        'IMAGE_RESTORE',
        `Cannot restore the dependency image: ${await image.ended}`,
      ])
      expect(await image.ended).to.contain('it did not answer to "restore" within 1000 ms')
      await eventually('it is ended', () => !isAlive(pid))
      expect(await runs(container, 'result = 1')).to.equal(1)
    })

    it('holds nobody longer than he wants to wait', async () => {
      const image = await build()
      process.kill(parentOf(await restore(image)), 'SIGSTOP')
      const fault = await faultOf(image.restore(aPythonSpec(), AbortSignal.timeout(300)))
      expect(fault.code).to.equal('IMAGE_RESTORE')
    })
  })

  describe('whose packages are no good', () => {
    it('is refused for a socket that stays open', async () => {
      const fault = await faultOf(build(aModuleRecipe(['keeps_socket'])))
      expect([fault.code, fault.message.includes('keeps_socket')]).to.deep.equal(['IMAGE_UNSUITABLE', true])
    })

    it('tells what it printed last', async () => {
      const fault = await faultOf(build(aModuleRecipe(['ends_process'])))
      expect(fault.code).to.equal('IMAGE_BUILD')
      expect(fault.message).to.contain('these are my last words')
    })

    it('tells when its memory is not enough', async () => {
      const fault = await faultOf(build(aModuleRecipe(['eats_memory']), { memoryMb: 64 }))
      expect(fault.code).to.equal('IMAGE_BUILD')
      expect(fault.message).to.contain('out of memory')
    })
  })

  it('is removed with what a killed invoker left behind', async () => {
    const image = await build()
    const pid = parentOf(await restore(image))
    const next = aRuncFactory({ instance: parts.instance })
    expect(await next.removeLeftovers()).to.equal(2)
    expect(await image.ended).to.contain('The template is gone')
    expect(isAlive(pid)).to.equal(false)
  })
})

/** Number of a restored process's parent: its template, and us when that is gone. */
function parentOf({ runtimePid }: RuncContainer): number {
  return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${runtimePid}/status`, 'utf8'))?.[1])
}
