import { expect } from 'chai'
import { Fault } from '../../../invoker/faults/fault.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'
import { aManifest } from '../../support/a-manifest.ts'
import { aPool, settled } from '../../support/a-pool.ts'
import { aDemand } from '../../support/a-slot-view.ts'
import { FakeContainers } from '../../support/fake-containers.ts'
import { aTarget, FakeImages } from '../../support/fake-images.ts'

function aStartedPool(options: { readonly userMemoryMb?: number; readonly stemCells?: readonly object[] } = {}) {
  const { userMemoryMb = 1024, stemCells = [] } = options
  const containers = new FakeContainers()
  const images = new FakeImages(containers, ['heavy', 'other'])
  const parts = aPool({ containers, images, settings: { userMemoryMb }, manifest: aManifest(stemCells) })
  parts.pool.start()
  return { ...parts, images }
}

describe('ImageStems', () => {
  it('fills up as the images ask, a few at a time, beside those of the manifest', async () => {
    const { pool, images, containers } = aStartedPool({ stemCells: [{ initialCount: 1, memory: '128 MB' }] })
    const slow = deferred()
    let making = 0
    images.behaviour.restore = () => {
      making += 1
      return slow.promise
    }
    await settled()
    images.want(aTarget('heavy', 3), aTarget('other', 2))
    await settled()
    expect(making).to.equal(2)
    expect(pool.figures()).to.deep.include({ warmStemStarting: { count: 2, memoryMb: 4 } })
    slow.resolve()
    await settled()
    expect(pool.figures()).to.deep.include({
      prewarm: { count: 1, memoryMb: 128 },
      warmStem: { count: 5, memoryMb: 10 },
      warmStemStarting: { count: 0, memoryMb: 0 },
    })
    expect(containers.made[1]?.spec).to.deep.include({ name: 'wsk0_2_prewarm_nodejs20', memoryMb: 128 })
    pool.close()
  })

  it('replaces what was taken, and what ended', async () => {
    const { pool, images, containers } = aStartedPool()
    images.want(aTarget('heavy', 2))
    await settled()
    expect((await pool.acquire(aDemand())).start).to.equal('warm-stem-cell')
    await settled()
    expect(pool.figures().warmStem.count).to.equal(2)
    containers.made.at(-1)?.exit('it crashed')
    await settled()
    expect(pool.figures().warmStem.count).to.equal(2)
    expect(containers.made.length).to.equal(4)
    pool.close()
  })

  it('removes what nobody wants any more, and what is being made of it', async () => {
    const { pool, images, containers, log } = aStartedPool()
    images.want(aTarget('heavy', 2), aTarget('other', 1))
    await settled()
    images.want(aTarget('heavy', 1))
    await settled()
    expect(pool.figures().warmStem.count).to.equal(1)
    images.behaviour.restore = () => new Promise(() => undefined)
    images.want(aTarget('heavy', 1), aTarget('other', 1))
    await settled()
    expect(pool.figures().warmStemStarting.count).to.equal(1)
    images.drop('heavy')
    images.drop('other')
    await settled()
    expect(containers.alive).to.deep.equal([])
    expect(log.lines.filter(({ level }) => level === 'warn')).to.deep.equal([])
    pool.close()
  })

  it('leaves one that was taken just before it was not wanted any more', async () => {
    const { pool, images, containers } = aStartedPool()
    images.want(aTarget('heavy', 1))
    await settled()
    const job = pool.acquire(aDemand())
    images.want()
    expect((await job).start).to.equal('warm-stem-cell')
    await settled()
    expect(containers.alive.length).to.equal(1)
    pool.close()
  })

  it('takes no memory that is not free, and none while jobs wait for it', async () => {
    const { pool, images } = aStartedPool({ userMemoryMb: 261 })
    images.live.delete('heavy')
    images.live.delete('other')
    const lease = await pool.acquire(aDemand())
    images.live.add('heavy')
    images.want(aTarget('heavy', 9))
    await settled()
    expect(pool.figures().warmStem).to.deep.equal({ count: 2, memoryMb: 4 })
    const waiting = pool.acquire(aDemand({ actionKey: 'waits', memoryMb: 261 }))
    await settled()
    expect(pool.figures().warmStem.count).to.equal(2)
    lease.release({ keep: false })
    // The other one made room for the rest of what this one needs.
    expect((await waiting).start).to.equal('warm-stem-cell')
    await settled()
    expect(pool.figures()).to.deep.include({ warmStem: { count: 0, memoryMb: 0 } })
    pool.close()
  })

  it('get the memory of the container that was unused for longest, where idle ones hold all of it', async () => {
    const { pool, images, containers, clock } = aStartedPool()
    images.drop('heavy')
    images.drop('other')
    for (const actionKey of ['a', 'b', 'c', 'd']) {
      const lease = await pool.acquire(aDemand({ actionKey }))
      lease.initialised()
      lease.release({ keep: true })
      clock.pass(1)
    }
    images.live.add('heavy')
    images.want(aTarget('heavy', 3))
    await settled()
    expect(pool.figures().warmStem.count).to.equal(0)
    clock.pass(10_000)
    await settled()
    images.want(aTarget('heavy', 4))
    for (let turn = 0; turn < 5; turn += 1) await settled()
    expect(pool.figures()).to.deep.include({
      idles: { count: 3, memoryMb: 768 },
      warmStem: { count: 4, memoryMb: 8 },
    })
    expect(containers.made[0]?.state).to.equal('destroyed')
    pool.close()
  })

  it('waits while images are restored for jobs, and goes on after that', async () => {
    const { pool, images } = aStartedPool()
    const slow = deferred()
    images.behaviour.restore = (_key, { name }) => (name.includes('prewarm') ? undefined : slow.promise)
    const job = pool.acquire(aDemand())
    images.want(aTarget('heavy', 3))
    await settled()
    expect(pool.figures().warmStem.count).to.equal(0)
    slow.resolve()
    await job
    await settled()
    expect(pool.figures().warmStem.count).to.equal(3)
    pool.close()
  })

  it('leaves an image alone for longer and longer that cannot be restored, and no other', async () => {
    const { pool, images, clock, log } = aStartedPool({ stemCells: [{ initialCount: 1, memory: '128 MB' }] })
    let tries = 0
    images.behaviour.restore = (key) => {
      if (key !== 'heavy') return
      tries += 1
      throw new Fault('IMAGE_RESTORE', 'no')
    }
    images.want(aTarget('heavy', 4), aTarget('other', 2))
    const seen: number[] = []
    for (const ms of [0, 4_999, 1, 9_999, 1]) {
      clock.pass(ms)
      await settled()
      seen.push(tries)
    }
    // Two at once, each time.
    expect(seen).to.deep.equal([2, 2, 4, 4, 6])
    expect(pool.figures()).to.deep.include({
      prewarm: { count: 1, memoryMb: 128 },
      warmStem: { count: 2, memoryMb: 4 },
    })
    const warnings = log.lines.filter(({ event }) => event.startsWith('warm stem cells cannot be made'))
    expect(warnings.map(({ fields }) => [fields.image, fields.waitMs])).to.deep.equal([
      ['heavy', 5_000],
      ['heavy', 10_000],
      ['heavy', 20_000],
    ])
    images.behaviour.restore = () => undefined
    clock.pass(20_000)
    await settled()
    expect(pool.figures().warmStem.count).to.equal(6)
    pool.close()
  })

  it('forgets the failures of an image that is gone', async () => {
    const { pool, images, clock } = aStartedPool()
    images.behaviour.restore = () => Promise.reject(new Fault('IMAGE_RESTORE', 'no'))
    images.want(aTarget('heavy', 1))
    await settled()
    expect(clock.timers).to.equal(2)
    images.drop('heavy')
    await settled()
    expect(clock.timers).to.equal(1)
    images.behaviour.restore = () => undefined
    images.live.add('heavy')
    images.want(aTarget('heavy', 1))
    await settled()
    expect(pool.figures().warmStem.count).to.equal(1)
    pool.close()
  })

  it('follows what a stem cell is measured to take, and removes what does not fit any more', async () => {
    const { pool, images } = aStartedPool({ userMemoryMb: 256 })
    images.want(aTarget('heavy', 4))
    await settled()
    images.want(aTarget('heavy', 4, { heldMb: 0.5 }))
    await settled()
    expect(pool.figures().warmStem).to.deep.equal({ count: 4, memoryMb: 2 })
    images.want(aTarget('heavy', 4, { heldMb: 100 }))
    await settled()
    expect(pool.figures().warmStem).to.deep.equal({ count: 2, memoryMb: 200 })
    pool.close()
  })

  it('listens no more when the pool is closed', async () => {
    const { pool, images, containers } = aStartedPool()
    expect(images.listeners).to.equal(1)
    pool.close()
    images.want(aTarget('heavy', 1))
    await settled()
    expect([images.listeners, containers.made.length]).to.deep.equal([0, 0])
  })
})
