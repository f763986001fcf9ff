import { expect } from 'chai'
import { Fault } from '../../../invoker/faults/fault.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'
import type { Lease } from '../../../invoker/pool/lease.ts'
import { aPool, settled } from '../../support/a-pool.ts'
import { aDemand } from '../../support/a-slot-view.ts'
import { anAction } from '../../support/an-action.ts'

const other = aDemand({ actionKey: 'other' })
const shared = aDemand({ concurrency: 3 })

/** Takes a container, says that it is initialised, and gives it back. */
async function used(pool: ReturnType<typeof aPool>['pool'], demand = aDemand()): Promise<void> {
  const lease = await pool.acquire(demand)
  if (lease.mustInit) lease.initialised()
  lease.release({ keep: true })
}

/** How a promise stands. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  await settled()
  return Promise.race([
    promise.then(
      () => 'granted',
      () => 'refused',
    ),
    Promise.resolve('waiting'),
  ])
}

describe('ContainerPool', () => {
  it('starts cold, then reuses the container', async () => {
    const { pool, containers, meter } = aPool()
    const first = await pool.acquire(aDemand())
    expect(first).to.include({ start: 'cold', mustInit: true, isReused: false })
    first.initialised()
    first.release({ keep: true })
    const second = await pool.acquire(aDemand())
    expect(second).to.include({ start: 'warm', mustInit: false, isReused: true })
    expect(second.container).to.equal(first.container)
    expect(containers.made.length).to.equal(1)
    expect([...meter.counts]).to.deep.equal([
      ['counter_invoker_containerStart_counter_total{containerState=cold}', 1],
      ['counter_invoker_containerStart_counter_total{containerState=warm}', 1],
    ])
  })

  it('describes the container to the factory', async () => {
    const { pool, containers } = aPool()
    await pool.acquire(aDemand({ action: anAction({ exec: { kind: 'blackbox', image: 'me/mine', binary: false } }) }))
    expect(containers.made[0]?.spec).to.deep.equal({
      name: 'wsk0_1_guest_hello',
      kind: 'blackbox',
      image: 'me/mine',
      memoryMb: 256,
      cpuShares: 256,
      env: { __OW_API_HOST: 'http://localhost:3233' },
    })
  })

  it('never reuses a container that was released as broken', async () => {
    const { pool, containers } = aPool()
    await used(pool)
    const lease = await pool.acquire(aDemand())
    lease.release({ keep: false })
    const next = await pool.acquire(aDemand())
    expect(next.start).to.equal('cold')
    expect(containers.made[0]?.state).to.equal('destroyed')
  })

  it('refuses a second release', async () => {
    const { pool } = aPool()
    const lease = await pool.acquire(aDemand())
    lease.release({ keep: false })
    expect(() => lease.release({ keep: false })).to.throw('it is over already')
  })

  describe('memory', () => {
    it('makes jobs wait, first come first served, even where a later one would fit', async () => {
      const { pool } = aPool({ settings: { userMemoryMb: 512 } })
      const lease = await pool.acquire(aDemand({ memoryMb: 256 }))
      const big = pool.acquire(aDemand({ memoryMb: 512, actionKey: 'big' }))
      const small = pool.acquire(aDemand({ memoryMb: 256, actionKey: 'small' }))
      expect([await stateOf(big), await stateOf(small)]).to.deep.equal(['waiting', 'waiting'])
      lease.release({ keep: false })
      const granted = await big
      expect(await stateOf(small)).to.equal('waiting')
      granted.release({ keep: false })
      expect((await small).start).to.equal('cold')
    })

    it('evicts an idle container, and starts only when it is gone', async () => {
      const { pool, containers } = aPool({ settings: { userMemoryMb: 256 } })
      await used(pool)
      const destroyed = deferred()
      containers.behaviour.destroy = () => destroyed.promise
      const job = pool.acquire(other)
      expect(await stateOf(job)).to.equal('waiting')
      destroyed.resolve()
      expect((await job).start).to.equal('cold')
      expect(containers.alive.length).to.equal(1)
    })

    it('refuses at once what will never fit', async () => {
      const { pool } = aPool()
      const refusal = await pool.acquire(aDemand({ memoryMb: 2048 })).catch((error: Error) => error)
      expect(refusal).to.have.property('message', 'Cannot create a container: 2048 MB wanted, 1024 MB are all there is')
    })
  })

  describe('a container that cannot be made', () => {
    it('is refused once, and holds back nobody', async () => {
      const { pool, containers } = aPool()
      let tries = 0
      containers.behaviour.create = () => {
        tries += 1
        throw new Fault('CONTAINER_CREATE', 'no runc')
      }
      const refusal = await pool.acquire(aDemand()).catch((error: Error) => error)
      expect(refusal).to.have.property('message', 'Cannot create a container: no runc')
      expect(tries).to.equal(1)
      containers.behaviour.create = () => undefined
      expect((await pool.acquire(aDemand({ memoryMb: 1024 }))).start).to.equal('cold')
    })
  })

  describe('a runtime that ends', () => {
    it('is noticed while it is idle, and its container removed', async () => {
      const { pool, containers } = aPool()
      await used(pool)
      containers.made[0]?.exit('it fell over')
      await settled()
      expect(containers.made[0]?.state).to.equal('destroyed')
      expect((await pool.acquire(aDemand())).start).to.equal('cold')
    })

    it('is removed after an activation that it survived no longer than', async () => {
      const { pool, containers } = aPool()
      const lease = await pool.acquire(aDemand())
      lease.initialised()
      containers.made[0]?.exit('it left')
      await settled()
      lease.release({ keep: true })
      expect((await pool.acquire(aDemand())).start).to.equal('cold')
    })
  })

  describe('idle containers', () => {
    it('are paused after the grace, thawed for a job, and removed after the keep-alive', async () => {
      const { pool, containers, clock } = aPool()
      await used(pool)
      clock.pass(9_999)
      await settled()
      expect(containers.made[0]?.state).to.equal('running')
      clock.pass(1)
      await settled()
      expect(containers.made[0]?.state).to.equal('paused')
      await used(pool)
      expect(containers.made[0]?.state).to.equal('running')
      clock.pass(10_000)
      await settled()
      clock.pass(599_999)
      await settled()
      expect(containers.made[0]?.state).to.equal('paused')
      clock.pass(1)
      await settled()
      expect(containers.made[0]?.state).to.equal('destroyed')
    })

    it('share one timer, which an activation on a warm container leaves alone', async () => {
      const { pool, clock } = aPool()
      for (let round = 0; round < 5; round += 1) await used(pool)
      expect(clock.timers).to.equal(1)
    })

    it('serve a job that comes while they are being paused', async () => {
      const { pool, containers, clock } = aPool()
      await used(pool)
      const paused = deferred()
      containers.behaviour.pause = () => paused.promise
      clock.pass(10_000)
      const job = pool.acquire(aDemand())
      expect(await stateOf(job)).to.equal('waiting')
      paused.resolve()
      expect((await job).start).to.equal('warm')
      expect(containers.made.length).to.equal(1)
    })

    it('are replaced when they cannot be thawed', async () => {
      const { pool, containers, clock } = aPool()
      await used(pool)
      clock.pass(10_000)
      await settled()
      containers.behaviour.resume = () => Promise.reject(new Error('frozen for good'))
      expect((await pool.acquire(aDemand())).start).to.equal('cold')
      await settled()
      expect(containers.made[0]?.state).to.equal('destroyed')
    })

    it('are removed when they cannot be paused', async () => {
      const { pool, containers, clock } = aPool()
      await used(pool)
      containers.behaviour.pause = () => Promise.reject(new Error('too hot'))
      clock.pass(10_000)
      await settled()
      expect(containers.alive).to.deep.equal([])
    })
  })

  describe('concurrency', () => {
    it('lets others in once the first has initialised the container, up to the limit', async () => {
      const { pool, containers } = aPool()
      const first = await pool.acquire(shared)
      const jobs = [pool.acquire(shared), pool.acquire(shared)]
      const fourth = pool.acquire(shared)
      expect(await stateOf(jobs[0] as Promise<Lease>)).to.equal('waiting')
      first.initialised()
      expect((await Promise.all(jobs)).map(({ mustInit }) => mustInit)).to.deep.equal([false, false])
      expect((await fourth).mustInit).to.equal(true)
      expect(containers.made.length).to.equal(2)
    })

    it('aborts those who wait when the initialisation fails, with its response', async () => {
      const { pool } = aPool()
      const first = await pool.acquire(shared)
      const waiting = pool.acquire(shared).catch((error: unknown) => error)
      const response = { statusCode: 2, result: { error: 'no' } } as const
      first.release({ keep: false, failure: response })
      expect(await waiting).to.have.property('response', response)
    })

    it('places those who wait anew when the container is not fit', async () => {
      const { pool } = aPool()
      const first = await pool.acquire(shared)
      const waiting = pool.acquire(shared)
      first.release({ keep: false })
      expect(await waiting).to.include({ start: 'cold', mustInit: true })
    })

    it('drains a container in which one activation failed: no job joins, the others end', async () => {
      const { pool, containers } = aPool()
      const first = await pool.acquire(shared)
      first.initialised()
      const second = await pool.acquire(shared)
      first.release({ keep: false, failure: { statusCode: 2 } })
      expect((await pool.acquire(shared)).container).not.to.equal(second.container)
      expect(containers.made[0]?.state).to.equal('running')
      second.release({ keep: true })
      await settled()
      expect(containers.made[0]?.state).to.equal('destroyed')
    })
  })

  describe('the end', () => {
    it('leaves waiting jobs unstarted when it closes, and lets what runs go on', async () => {
      const { pool } = aPool({ settings: { userMemoryMb: 256 } })
      const lease = await pool.acquire(aDemand())
      const waiting = pool.acquire(other)
      pool.close()
      lease.release({ keep: false })
      expect(await stateOf(waiting)).to.equal('waiting')
    })

    it('destroys all, also what is busy or still being made', async () => {
      const { pool, containers } = aPool()
      await pool.acquire(aDemand())
      containers.behaviour.create = () => new Promise(() => undefined)
      const making = pool.acquire(other)
      await pool.stop(AbortSignal.timeout(1_000))
      expect(containers.alive).to.deep.equal([])
      expect(await stateOf(making)).to.equal('waiting')
      expect(pool.figures().active.count).to.equal(0)
    })
  })
})
