import { expect } from 'chai'
import { deferred } from '../../../invoker/lib/deferred.ts'
import type { Lease } from '../../../invoker/pool/lease.ts'
import { aPool, settled } from '../../support/a-pool.ts'
import { aDemand } from '../../support/a-slot-view.ts'

const shared = aDemand({ concurrency: 3 })

/** An errand that lasts until it is told to end, and what is known of it. */
function anErrand() {
  const end = deferred()
  const seen = { runs: 0, end: () => end.resolve() }
  const errand = (): Promise<void> => {
    seen.runs += 1
    return end.promise
  }
  return { errand, seen }
}

/** A lease whose container is initialised. */
async function initialised(pool: ReturnType<typeof aPool>['pool'], demand = aDemand()): Promise<Lease> {
  const lease = await pool.acquire(demand)
  if (lease.mustInit) lease.initialised()
  return lease
}

async function isGranted(job: Promise<Lease>): Promise<boolean> {
  let isThere = false
  job.then(
    () => {
      isThere = true
    },
    () => undefined,
  )
  await settled()
  return isThere
}

describe('an errand in a container', () => {
  it('is run once when the activation is over, and the next one waits for it in the same container', async () => {
    const { pool, containers } = aPool()
    const { errand, seen } = anErrand()
    const lease = await initialised(pool)
    expect(seen.runs).to.equal(0)
    lease.release({ keep: true, errand })
    expect(seen.runs).to.equal(1)
    const next = pool.acquire(aDemand())
    expect(await isGranted(next)).to.equal(false)
    seen.end()
    expect((await next).start).to.equal('warm')
    expect(containers.made.length).to.equal(1)
    ;(await next).release({ keep: true })
    expect((await pool.acquire(aDemand())).start).to.equal('warm')
    expect(seen.runs).to.equal(1)
  })

  it('leaves the container ready, to be paused in its time', async () => {
    const { pool, containers, clock } = aPool()
    const { errand, seen } = anErrand()
    const lease = await initialised(pool)
    lease.release({ keep: true, errand })
    expect(pool.figures().idles.count).to.equal(1)
    clock.pass(60_000)
    await settled()
    expect(containers.made[0]?.state).to.equal('running')
    seen.end()
    await settled()
    clock.pass(10_000)
    await settled()
    expect(containers.made[0]?.state).to.equal('paused')
  })

  it('waits until nothing runs in the container', async () => {
    const { pool } = aPool()
    const { errand, seen } = anErrand()
    const first = await initialised(pool, shared)
    const second = await pool.acquire(shared)
    first.release({ keep: true, errand })
    await settled()
    expect(seen.runs).to.equal(0)
    second.release({ keep: true })
    expect(seen.runs).to.equal(1)
    const jobs = [pool.acquire(shared), pool.acquire(shared)]
    seen.end()
    const leases = await Promise.all(jobs)
    expect(leases.map(({ start }) => start)).to.deep.equal(['warm', 'warm'])
  })

  it('is run before the container is destroyed that an activation failed in', async () => {
    const { pool, containers } = aPool()
    const { errand, seen } = anErrand()
    const lease = await initialised(pool)
    lease.release({ keep: false, errand })
    await settled()
    expect([seen.runs, containers.made[0]?.state]).to.deep.equal([1, 'running'])
    const next = pool.acquire(aDemand())
    expect((await next).container).not.to.equal(lease.container)
    seen.end()
    await settled()
    expect(containers.made[0]?.state).to.equal('destroyed')
  })

  it('is not run in a container whose runtime has ended, nor when the pool stops', async () => {
    const { pool, containers } = aPool()
    const { errand, seen } = anErrand()
    const lease = await initialised(pool)
    containers.made[0]?.exit('it fell over')
    await settled()
    lease.release({ keep: true, errand })
    const late = await initialised(pool)
    pool.close()
    late.release({ keep: true, errand })
    await pool.stop(AbortSignal.timeout(1_000))
    expect(seen.runs).to.equal(0)
    expect(containers.alive).to.deep.equal([])
  })

  it('holds up neither eviction nor those who wait for memory', async () => {
    const { pool, containers } = aPool({ settings: { userMemoryMb: 256 } })
    const { errand, seen } = anErrand()
    const destroyed = deferred()
    containers.behaviour.destroy = () => destroyed.promise
    const lease = await initialised(pool)
    lease.release({ keep: true, errand })
    const other = pool.acquire(aDemand({ actionKey: 'other' }))
    seen.end()
    await settled()
    destroyed.resolve()
    expect((await other).start).to.equal('cold')
    expect(containers.alive.length).to.equal(1)
  })

  it('sends those who wait elsewhere when the runtime ends', async () => {
    const { pool, containers } = aPool()
    const { errand, seen } = anErrand()
    const lease = await initialised(pool)
    lease.release({ keep: true, errand })
    const next = pool.acquire(aDemand())
    containers.made[0]?.exit('it fell over')
    expect((await next).start).to.equal('cold')
    seen.end()
    await settled()
    expect(containers.alive.length).to.equal(1)
  })

  it('that fails harms nothing', async () => {
    const { pool, log } = aPool()
    const lease = await initialised(pool)
    lease.release({ keep: true, errand: () => Promise.reject(new Error('no')) })
    await settled()
    expect((await pool.acquire(aDemand())).start).to.equal('warm')
    expect(log.lines.map(({ event }) => event)).to.include('background work of the pool failed')
  })
})
