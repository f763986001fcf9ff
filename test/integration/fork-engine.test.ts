import { closeSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { hostnameOf } from '../../invoker/adapters/runc/bundle.ts'
import type { RuncContainer } from '../../invoker/adapters/runc/container.ts'
import { placesOf } from '../../invoker/adapters/runc/places.ts'
import { RuncCli } from '../../invoker/adapters/runc/runc-cli.ts'
import type { Container } from '../../invoker/ports/containers.ts'
import type { LiveImage } from '../../invoker/ports/image-engine.ts'
import { aForkEngine, aPythonSpec, buildLimits, type ForkParts } from '../support/a-fork-engine.ts'
import { aModuleRecipe } from '../support/a-module-recipe.ts'
import { eventually } from '../support/eventually.ts'
import { kernel, skip, whyNoRunc } from '../support/factories.ts'
import { descriptorsOf, factsOf } from '../support/process-facts.ts'
import { runs } from '../support/python-action.ts'

const never = new AbortController().signal

describe('the fork engine on runc', () => {
  let parts: ForkParts
  let image: LiveImage
  let made: Container[] = []

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    parts = await aForkEngine()
    image = await parts.engine.build(aModuleRecipe(['json', 'plain_module']), buildLimits())
  })
  afterEach(async () => {
    await Promise.all(made.map((container) => container.destroy()))
    made = []
  })
  after(async () => {
    await parts?.engine.stop()
    await parts?.factory.stop()
  })

  async function restore(): Promise<RuncContainer> {
    const container = (await image.restore(aPythonSpec(), new AbortController().signal)) as RuncContainer
    made.push(container)
    return container
  }

  async function start(): Promise<RuncContainer> {
    const container = (await parts.factory.create(aPythonSpec(), never)) as RuncContainer
    made.push(container)
    return container
  }

  /** Number of a runtime that runc starts in the same container. */
  async function startBeside(container: Container): Promise<number> {
    const places = placesOf('/run/warmwhisk', parts.instance)
    const socket = kernel.listen(join(places.sockets, 'beside'))
    const output = kernel.pipe()
    try {
      const stdio = [output.writeFd, output.writeFd, socket.fd]
      const bundle = join(places.bundles, container.id)
      const pid = await new RuncCli(places.runc).exec(container.id, { bundle, signal: never, stdio })
      kernel.ended(pid).catch(() => undefined)
      return pid
    } finally {
      socket.close()
      closeSync(output.readFd)
      closeSync(output.writeFd)
    }
  }

  describe('a restored process', () => {
    it('has exactly what a process has that runc started in its container', async () => {
      const container = await restore()
      const reference = await startBeside(container)
      await eventually('the other runtime is up', () => readFileSync(`/proc/${reference}/comm`, 'utf8') === 'python3\n')
      const mine = container.runtimePid
      expect(factsOf(mine)).to.deep.equal(factsOf(reference))
      const filters = await Promise.all([mine, reference].map((pid) => kernel.seccompFilter(pid)))
      expect(filters[0]?.equals(filters[1] ?? Buffer.alloc(0))).to.equal(true)
      expect(factsOf(mine).Seccomp_filters).to.equal('1')
    })

    it('holds the descriptors of a runtime that was started, and nothing else', async () => {
      const [restored, started] = [await restore(), await start()]
      for (const container of [restored, started]) await runs(container, 'result = 1')
      const kindsOf = ({ runtimePid }: RuncContainer): string =>
        Object.values(descriptorsOf(runtimePid)).sort().join(' ')
      await eventually('equal descriptors', () => kindsOf(restored) === kindsOf(started))
    })

    it('sees what a runtime sees that was started', async () => {
      const [restored, started] = [await restore(), await start()]
      const look =
        'import socket, json; result = json.dumps([dict(os.environ), os.getcwd(), sys.argv, sys.path, sys.flags, os.getpid(), os.getppid(), os.umask(0o22), [p for p in os.listdir("/proc") if p.isdigit()], [socket.gethostname(), os.listdir("/work"), os.listdir("/tmp")]])'
      const [one, other] = [await runs(restored, look), await runs(started, look)]
      expect(String(one).replaceAll(hostnameOf(restored.id), 'HOST')).to.equal(
        String(other).replaceAll(hostnameOf(started.id), 'HOST'),
      )
    })

    it('shares what was imported with its siblings, and not what they write', async () => {
      const [one, other] = await Promise.all([restore(), restore()])
      const count = 'import plain_module as m; m.counter += 1; result = m.counter'
      expect(await runs(one, count)).to.equal(1)
      expect(await runs(one, count)).to.equal(2)
      expect(await runs(other, count)).to.equal(1)
    })

    it('is charged for what it writes, and killed for more than its limit', async () => {
      const container = await restore()
      await runs(container, 'result = len(bytearray(400 << 20))').catch(() => undefined)
      expect(await container.exited).to.equal('The runtime ended by SIGKILL')
      expect(await container.wasOutOfMemory()).to.equal(true)
      expect(await runs(await restore(), 'result = 1')).to.equal(1)
    })

    it('prints to the container’s logs', async () => {
      const container = await restore()
      await runs(container, 'print("hello"); print("oops", file=sys.stderr)')
      const { lines } = await container.logs.take({
        awaitSentinels: true,
        limitBytes: 1e6,
        idleMs: 5000,
        timeoutMs: 9000,
      })
      expect(lines.map(({ stream, text }) => `${stream}: ${text}`).sort()).to.deep.equal([
        'stderr: oops',
        'stdout: hello',
      ])
    })

    it('can be paused and resumed', async () => {
      const container = await restore()
      await container.pause()
      await container.resume()
      expect(await runs(container, 'result = 1')).to.equal(1)
    })

    it('gets other limits for an action of another size', async () => {
      const container = await restore()
      for (const memoryMb of [512, 128]) {
        container.resize({ memoryMb, cpuShares: memoryMb })
        expect(limitOf(container)).to.equal(memoryMb * 1024 * 1024)
      }
      expect(() => container.resize({ memoryMb: 0, cpuShares: 2 })).to.throw('EBUSY')
    })

    it('ends with the code that its action exits with', async () => {
      const container = await restore()
      await runs(container, 'os._exit(7)').catch(() => undefined)
      expect(await container.exited).to.equal('The runtime ended with exit code 7')
    })
  })

  describe('100 restores in a row', () => {
    it('leave no descriptor and no zombie, here and in the template', async function () {
      this.timeout(120_000)
      const template = templatePid(await restore())
      await Promise.all(made.map((container) => container.destroy()))
      const before = [count(process.pid), count(template)]
      for (let round = 0; round < 20; round += 1) {
        const containers = await Promise.all(
          Array.from({ length: 5 }, () => image.restore(aPythonSpec(), new AbortController().signal)),
        )
        await Promise.all(containers.map((container) => container.destroy()))
      }
      await eventually('as many descriptors and children as before', () => {
        const now = [count(process.pid), count(template)]
        return JSON.stringify(now) === JSON.stringify(before)
      })
    })
  })
})

/** How many descriptors and children a process has, zombies too. */
function count(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return [readdirSync(`/proc/${pid}/fd`).length, children.length]
}

/** The template of a restored process is its parent. */
function templatePid({ runtimePid }: RuncContainer): number {
  return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${runtimePid}/status`, 'utf8'))?.[1])
}

/** Memory limit of a container, in bytes, as the kernel has it. */
function limitOf({ cgroup }: RuncContainer): number {
  const files = cgroup.paths.flatMap((path) => [`${path}/memory.limit_in_bytes`, `${path}/memory.max`])
  return Number(readFileSync(files.find((file) => existsSync(file)) ?? '', 'utf8'))
}
