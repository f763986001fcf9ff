import { expect } from 'chai'
import { isFault } from '../../invoker/faults/fault.ts'
import type { Container, ContainerFactory, ContainerSpec, LogTake } from '../../invoker/ports/containers.ts'
import { eventually } from '../support/eventually.ts'
import { aSpec, ask } from '../support/tiny-runtime.ts'

const never = new AbortController().signal
const taking: LogTake = { awaitSentinels: true, limitBytes: 1024 * 1024, idleMs: 5000, timeoutMs: 60_000 }

/** A factory that was started, and whether its containers are isolated from the host. */
interface FactoryUnderTest {
  readonly factory: ContainerFactory
}

/** What every container factory does. `make` gives one that was started; the suite stops it. */
export function containersContract(name: string, make: (context: Mocha.Context) => Promise<FactoryUnderTest>): void {
  describe(`${name} as a ContainerFactory`, () => {
    let factory: ContainerFactory
    let made: Container[] = []

    before(async function () {
      factory = (await make(this)).factory
    })
    afterEach(async () => {
      await Promise.all(made.map((container) => container.destroy()))
      made = []
    })
    after(async () => {
      await factory?.stop(never)
    })

    async function create(more: Partial<ContainerSpec> = {}): Promise<Container> {
      const container = await factory.create(aSpec(more), never)
      made.push(container)
      return container
    }
    async function texts(container: Container, more: Partial<LogTake> = {}): Promise<string[]> {
      const { lines } = await container.logs.take({ ...taking, ...more })
      return lines.map(({ stream, text }) => `${stream}: ${text}`).sort()
    }

    describe('create()', () => {
      it('gives a container that answers, without a wait for it', async () => {
        const container = await create()
        expect(await ask(container, 'result = 6 * 7')).to.deep.equal({ result: 42 })
      })

      it('starts the runtime in a private directory that it may write to, with nothing on stdin', async () => {
        const container = await create()
        const { result } = await ask(
          container,
          'open("a", "w").close(); result = [os.listdir(), os.read(0, 10).decode()]',
        )
        expect(result).to.deep.equal([['a'], ''])
      })

      it('gives the environment of the launch and of the spec, and nothing of the invoker', async () => {
        process.env.WARMWHISK_TEST_SECRET = 'swordfish'
        const container = await create()
        delete process.env.WARMWHISK_TEST_SECRET
        const { result } = await ask(container, 'result = dict(os.environ)')
        expect(result).to.include({ TINY: 'launch', SPEC: 'spec', WARMWHISK_LISTEN_FD: '3' })
        const extra = Object.keys(result as object).filter(
          (key) => !['TINY', 'SPEC', 'PATH', 'HOME', 'LC_CTYPE'].includes(key),
        )
        expect(extra).to.deep.equal(['WARMWHISK_LISTEN_FD'])
      })

      it('makes many at the same time', async () => {
        const containers = await Promise.all(Array.from({ length: 12 }, () => create()))
        const answers = await Promise.all(containers.map((container, index) => ask(container, `result = ${index}`)))
        expect(answers.map(({ result }) => result)).to.deep.equal(containers.map((_, index) => index))
      })

      it('faults KIND_UNAVAILABLE for a kind that it cannot run', async () => {
        await rejects(factory.create(aSpec({ kind: 'cobol:60' }), never), 'KIND_UNAVAILABLE', 'cobol:60')
      })

      it('faults IMAGE_MISSING for an image, and names what is missing', async () => {
        await rejects(factory.create(aSpec({ image: 'example/image:1' }), never), 'IMAGE_MISSING', 'example/image:1')
      })

      it('faults CONTAINER_CREATE when the runtime does not start, and leaves nothing', async () => {
        await rejects(factory.create(aSpec({ kind: 'broken' }), never), 'CONTAINER_CREATE', 'no-such-program')
      })

      it('faults CONTAINER_CREATE when the signal has aborted, and leaves nothing', async () => {
        await rejects(factory.create(aSpec(), AbortSignal.abort()), 'CONTAINER_CREATE', 'abort')
      })
    })

    describe('create() that is given up half-way', () => {
      it('leaves nothing, wherever it was, and the next one works', async () => {
        for (let afterMs = 1; afterMs < 60; afterMs += 6) {
          const spec = aSpec()
          const late = await factory.create(spec, AbortSignal.timeout(afterMs)).catch(() => undefined)
          await late?.destroy()
          // The same name: what was left would be in the way.
          const again = await factory.create(spec, never)
          await again.destroy()
        }
      })
    })

    describe('logs', () => {
      it('gives both streams up to the sentinels of each activation', async () => {
        const container = await create()
        await ask(container, 'print("one"); print("oops", file=sys.stderr)')
        await ask(container, 'print("two")')
        expect(await texts(container)).to.deep.equal(['stderr: oops', 'stdout: one'])
        expect(await texts(container)).to.deep.equal(['stdout: two'])
      })

      it('stamps each line with the time when it came', async () => {
        const container = await create()
        const before = Date.now()
        await ask(container, 'print("now")')
        const { lines } = await container.logs.take(taking)
        expect(lines[0]?.time).to.be.within(before, Date.now())
      })

      it('waits for sentinels, and says when they do not come', async () => {
        const container = await create()
        await ask(container, 'print("half")', { sentinels: false })
        const taken = await container.logs.take({ ...taking, idleMs: 50 })
        expect([taken.end, taken.lines[0]?.text]).to.deep.equal(['idle', 'half'])
      })

      it('takes what is there without sentinels', async () => {
        const container = await create()
        await ask(container, 'print("there")', { sentinels: false })
        const taken = await container.logs.take({ ...taking, awaitSentinels: false })
        expect([taken.end, taken.lines.map(({ text }) => text)]).to.deep.equal(['idle', ['there']])
      })

      it('ends a take when its time is over', async () => {
        const container = await create()
        const taken = await container.logs.take({ ...taking, timeoutMs: 0 })
        expect(taken.end).to.equal('idle')
      })

      it('is not held up by 100 MB, keeps the first lines and says that there were more', async () => {
        const container = await create()
        const memory = process.memoryUsage().rss
        await ask(container, 'for i in range(1600): sys.stdout.write((("%07d" % i) + "x" * 56 + "\\n") * 1024)')
        const taken = await container.logs.take(taking)
        expect(taken.end).to.equal('limit')
        expect(taken.lines[0]?.text).to.equal(`0000000${'x'.repeat(56)}`)
        expect(taken.lines.length).to.be.within(5000, 20_000)
        expect(process.memoryUsage().rss - memory).to.be.below(300e6)
      })

      it('replaces broken UTF-8 and keeps what crosses a write', async () => {
        const container = await create()
        await ask(
          container,
          'os.write(1, b"\\xe2\\x82"); os.write(1, b"\\xac \\xe2\\x82\\n"); os.write(1, b"\\xff\\n")',
        )
        expect(await texts(container)).to.deep.equal(['stdout: \u20ac \ufffd', 'stdout: \ufffd'])
      })

      it('says that a stream was closed', async () => {
        const container = await create()
        await ask(container, 'print("last"); sys.stdout.close(); os.close(1)')
        const taken = await container.logs.take(taking)
        expect([taken.end, taken.lines[0]?.text]).to.deep.equal(['closed', 'last'])
      })

      it('is not disturbed by a child that stays and writes', async () => {
        const container = await create()
        await ask(
          container,
          'subprocess.Popen(["/bin/sh", "-c", "while :; do echo child; sleep 0.01; done"]); os.write(1, b"parent\\n")',
        )
        const { end, lines } = await container.logs.take(taking)
        expect(end).to.equal('sentinels')
        expect(lines.map(({ text }) => text)).to.include('parent')
        await ask(container, 'os.write(1, b"again\\n")')
        expect(await texts(container)).to.include('stdout: again')
      })

      it('gives what was printed before the container ended', async () => {
        const container = await create()
        await ask(container, 'print("famous last words", flush=True); os._exit(3)').catch(() => undefined)
        await container.exited
        const taken = await container.logs.take(taking)
        expect([taken.end, taken.lines[0]?.text]).to.deep.equal(['closed', 'famous last words'])
      })
    })

    describe('exited', () => {
      it('tells the exit code', async () => {
        const container = await create()
        await ask(container, 'os._exit(3)').catch(() => undefined)
        expect(await container.exited).to.equal('The runtime ended with exit code 3')
      })

      it('tells the signal', async () => {
        const container = await create()
        await ask(container, 'os.kill(os.getpid(), 9)').catch(() => undefined)
        expect(await container.exited).to.equal('The runtime ended by SIGKILL')
      })

      it('does not wait for children that stay', async () => {
        const container = await create()
        await ask(container, 'subprocess.Popen(["/usr/bin/sleep", "600"], close_fds=False); os._exit(0)').catch(
          () => undefined,
        )
        expect(await container.exited).to.equal('The runtime ended with exit code 0')
      })

      it('comes with destroy()', async () => {
        const container = await create()
        await container.destroy()
        expect(await container.exited).to.equal('The runtime ended by SIGKILL')
      })
    })

    describe('pause() and resume()', () => {
      it('stands still, and goes on where it was', async () => {
        const container = await create()
        await ask(
          container,
          'import threading, time; os.count = 0\ndef tick():\n  while True:\n    os.count += 1; time.sleep(0.001)\nthreading.Thread(target=tick, daemon=True).start()',
        )
        await container.pause()
        let hasAnswered = false
        const answer = ask(container, 'result = os.count').then((value) => {
          hasAnswered = true
          return value
        })
        expect(await Promise.race([answer, quiet(100)])).to.equal(undefined)
        expect(hasAnswered).to.equal(false)
        await container.resume()
        expect((await answer).result).to.be.above(0)
      })
    })

    describe('destroy()', () => {
      it('gives the same promise each time, and nobody answers afterwards', async () => {
        const container = await create()
        const first = container.destroy()
        expect(container.destroy()).to.equal(first)
        await first
        const refused = await ask(container, 'result = 1').catch((error) => error.code)
        expect(refused).to.be.oneOf(['ENOENT', 'ECONNREFUSED'])
      })

      it('ends a paused container, and all that it started', async () => {
        const container = await create()
        await ask(container, 'subprocess.Popen(["/usr/bin/sleep", "600"])')
        await container.pause()
        await container.destroy()
      })

      it('ends a container in the middle of a run', async () => {
        const container = await create()
        const run = ask(container, 'import time; time.sleep(600)').catch((error) => error.code)
        await eventually('the run has begun', async () => (await ask(container, 'result = 1')).result === 1)
        await container.destroy()
        expect(await run).to.equal('ECONNRESET')
      })

      it('may be called when the runtime has ended by itself', async () => {
        const container = await create()
        await ask(container, 'os._exit(0)').catch(() => undefined)
        await container.exited
        await container.destroy()
      })
    })

    it('does not take running containers for left-overs', async () => {
      const container = await create()
      expect(await factory.removeLeftovers()).to.equal(0)
      expect(await ask(container, 'result = 1')).to.deep.equal({ result: 1 })
    })

    it('destroys what is left at stop(), and makes nothing more', async function () {
      const { factory: other } = await make(this)
      const container = await other.create(aSpec(), never)
      await other.stop(never)
      expect(await container.exited).to.contain('SIGKILL')
      await rejects(other.create(aSpec(), never), 'CONTAINER_CREATE', 'does not run')
    })
  })
}

async function rejects(work: Promise<unknown>, code: string, text: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(isFault(error) && error.code, String(error)).to.equal(code)
  expect(String(error)).to.contain(text)
}

/** Resolves with nothing after `ms`: what has not come by then is held up, and a slow machine only makes the test weaker. */
function quiet(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined))
}
