import { expect } from 'chai'
import { deferred } from '../../../invoker/lib/deferred.ts'
import { aManifest } from '../../support/a-manifest.ts'
import { aPool, settled } from '../../support/a-pool.ts'
import { aDemand } from '../../support/a-slot-view.ts'

const reactive = { minCount: 1, maxCount: 3, ttl: '3 seconds', threshold: 1, increment: 1 }

describe('Prewarmer', () => {
  it('fills up at the start, a few at a time', async () => {
    const { pool, containers } = aPool({ manifest: aManifest([{ initialCount: 4, memory: '128 MB' }]) })
    const slow = deferred()
    let making = 0
    containers.behaviour.create = () => {
      making += 1
      return slow.promise
    }
    pool.start()
    expect(making).to.equal(2)
    slow.resolve()
    await settled()
    expect(pool.figures().prewarm).to.deep.equal({ count: 4, memoryMb: 512 })
    pool.close()
  })

  it('replaces a stem cell that was taken', async () => {
    const { pool } = aPool({ manifest: aManifest([{ initialCount: 1, memory: '256 MB' }]) })
    pool.start()
    await settled()
    expect((await pool.acquire(aDemand())).start).to.equal('prewarmed')
    await settled()
    expect(pool.figures().prewarm.count).to.equal(1)
    pool.close()
  })

  it('replaces a stem cell whose runtime ended', async () => {
    const { pool, containers } = aPool({ manifest: aManifest([{ initialCount: 1, memory: '256 MB' }]) })
    pool.start()
    await settled()
    containers.made[0]?.exit('it crashed')
    await settled()
    expect(pool.figures().prewarm.count).to.equal(1)
    expect(containers.made.length).to.equal(2)
    pool.close()
  })

  it('takes no more memory than is free', async () => {
    const { pool } = aPool({ manifest: aManifest([{ initialCount: 9, memory: '512 MB' }]) })
    pool.start()
    await settled()
    expect(pool.figures().prewarm.count).to.equal(2)
    pool.close()
  })

  it('takes no memory from jobs that wait for it, and fills up when they are served', async () => {
    const { pool } = aPool({
      manifest: aManifest([{ initialCount: 1, memory: '512 MB' }]),
      settings: { userMemoryMb: 1024 },
    })
    const first = await pool.acquire(aDemand({ memoryMb: 768 }))
    const waiting = pool.acquire(aDemand({ memoryMb: 512, actionKey: 'waits' }))
    pool.start()
    first.release({ keep: false })
    expect((await waiting).start).to.equal('cold')
    await settled()
    expect(pool.figures().prewarm.count).to.equal(1)
    pool.close()
  })

  it('waits longer and longer when stem cells cannot be made, and never loops', async () => {
    const { pool, containers, clock } = aPool({ manifest: aManifest([{ initialCount: 1, memory: '256 MB' }]) })
    let tries = 0
    containers.behaviour.create = () => {
      tries += 1
      throw new Error('no')
    }
    pool.start()
    const seen: number[] = []
    for (const ms of [0, 5_000, 5_000, 5_000, 10_000]) {
      clock.pass(ms)
      await settled()
      seen.push(tries)
    }
    expect(seen).to.deep.equal([1, 2, 2, 3, 3])
    pool.close()
  })

  it('follows the cold starts where the manifest is reactive, and forgets them', async () => {
    const { pool, clock } = aPool({ manifest: aManifest([{ initialCount: 1, memory: '128 MB', reactive }]) })
    pool.start()
    await settled()
    const jobs = ['a', 'b', 'c'].map((actionKey) => pool.acquire(aDemand({ memoryMb: 128, actionKey })))
    const leases = await Promise.all(jobs)
    expect(leases.map(({ start }) => start)).to.deep.equal(['prewarmed', 'cold', 'cold'])
    for (const lease of leases) lease.release({ keep: false })
    await settled()
    clock.pass(1_000)
    await settled()
    expect(pool.figures().prewarm.count).to.equal(2)
    clock.pass(5_000)
    await settled()
    expect(pool.figures().prewarm.count).to.equal(1)
    pool.close()
  })
})
