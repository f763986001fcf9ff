import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { RuncContainer } from '../../invoker/adapters/runc/container.ts'
import type { RuncFactory } from '../../invoker/adapters/runc/factory.ts'
import { aRuncFactory, skip, whyNoRunc } from '../support/factories.ts'
import { aSpec, ask } from '../support/tiny-runtime.ts'

const never = new AbortController().signal

describe('the limits of a container', () => {
  let factory: RuncFactory
  let container: RuncContainer

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    factory = aRuncFactory()
    await factory.start()
    container = (await factory.create(aSpec(), never)) as RuncContainer
  })
  after(async () => {
    await factory?.stop()
  })

  it('gives each user the limits of files and of core dumps', async () => {
    expect(
      await ask(
        container,
        'import resource; result = [resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_CORE)]',
      ),
    ).to.have.deep.property('result', [
      [1024, 1024],
      [0, 0],
    ])
  })

  it('cannot use more processes than its limit', async () => {
    const small = await factory.create(aSpec(), never)
    const { result } = await ask(
      small,
      'pids = []\ntry:\n  for _ in range(2000): pids.append(subprocess.Popen(["/usr/bin/sleep", "60"]))\nexcept OSError as e: result = [len(pids), e.errno]',
    )
    const [count, errno] = result as [number, number]
    expect(errno).to.equal(11)
    expect(count).to.be.within(500, 1023)
    await small.destroy()
  }).timeout(60_000)

  it('is killed for memory over its limit, and says so', async () => {
    const small = await factory.create(aSpec({ memoryMb: 64 }), never)
    expect(await small.wasOutOfMemory()).to.equal(false)
    const died = ask(small, 'hog = bytearray(200 << 20)').catch((error) => error.code)
    expect(await small.exited).to.equal('The runtime ended by SIGKILL')
    expect(await died).to.equal('ECONNRESET')
    expect(await small.wasOutOfMemory()).to.equal(true)
    await small.destroy()
  })

  it('has no swap beside its memory', async () => {
    const group = container.cgroup.paths.find((path) => path.includes('/memory/')) ?? container.cgroup.paths[0]
    const read = (file: string): string => readFileSync(`${group}/${file}`, 'utf8').trim()
    if (group?.includes('/memory/')) expect(read('memory.memsw.limit_in_bytes')).to.equal(read('memory.limit_in_bytes'))
    else expect(read('memory.swap.max')).to.equal('0')
  })

  it('cannot fill more of a disk than its temporary directories', async () => {
    const { errno } = await ask(
      container,
      'f = open("/tmp/big", "wb")\ntry:\n  while True: f.write(bytes(1 << 20))\nfinally: os.unlink("/tmp/big")',
    )
    expect(errno).to.equal(28)
  })
})
