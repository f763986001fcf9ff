import { expect } from 'chai'
import { defaultSettings } from '../../../invoker/activation/invoker-options.ts'
import { Fault } from '../../../invoker/faults/fault.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'
import type { Demand } from '../../../invoker/pool/demand.ts'
import type { Lease } from '../../../invoker/pool/lease.ts'
import { startWays } from '../../../invoker/pool/pool-options.ts'
import { settled } from '../../support/a-pool.ts'
import { aPoolOfImages, aStockedPool } from '../../support/a-pool-of-images.ts'
import { aDemand } from '../../support/a-slot-view.ts'
import { anAction } from '../../support/an-action.ts'
import { type FakeContainer, FakeContainers } from '../../support/fake-containers.ts'
import { aTarget } from '../../support/fake-images.ts'

/** What another action demands. */
const another = (name: string, changes: Partial<Demand> = {}) => aDemand({ actionKey: name, ...changes })

async function used(lease: Lease): Promise<void> {
  lease.initialised()
  lease.release({ keep: true })
}

const containerOf = (lease: Lease) => lease.container as FakeContainer

describe('starting from images', () => {
  it('changes nothing where there are none', () => {
    const ways = startWays({ factory: new FakeContainers(), settings: defaultSettings })
    expect(ways.map(({ name }) => name)).to.deep.equal(['prewarmed', 'cold'])
  })

  describe('from a warm stem cell', () => {
    it('takes it and gives it the limits of the action', async () => {
      const { pool, containers, images } = await aStockedPool(1)
      images.want()
      const lease = await pool.acquire(aDemand({ memoryMb: 512 }))
      expect(lease).to.include({ start: 'warm-stem-cell', mustInit: true })
      expect(containerOf(lease).size).to.deep.equal({ memoryMb: 512, cpuShares: 512 })
      expect(lease.container.restored).to.deep.equal({ image: 'id of heavy', engine: 'fork', restoreMs: 7 })
      expect(containers.made.length).to.equal(1)
      pool.close()
    })

    it('counts it at its measured size until then, and at that of the action from then on', async () => {
      const { pool } = await aStockedPool(3)
      expect(pool.figures().warmStem).to.deep.equal({ count: 3, memoryMb: 6 })
      await pool.acquire(aDemand())
      expect(pool.figures().active).to.deep.equal({ count: 1, memoryMb: 256 })
      pool.close()
    })

    it('serves one action only', async () => {
      const { pool, images } = await aStockedPool(1)
      images.want()
      images.live.clear()
      await used(await pool.acquire(aDemand()))
      expect((await pool.acquire(another('other'))).start).to.equal('cold')
      expect((await pool.acquire(aDemand())).start).to.equal('warm')
      pool.close()
    })

    it('takes none that holds another image, or is of another kind, or is being removed', async () => {
      const { pool, containers, images } = await aStockedPool(1, { live: ['other', 'heavy'] })
      expect((await pool.acquire(aDemand())).start).to.equal('restored')
      images.live.delete('other')
      const python = anAction({ exec: { kind: 'python:3', code: '', binary: false } })
      expect((await pool.acquire(another('python', { action: python, kind: 'python:3' }))).start).to.equal('restored')
      containers.behaviour.destroy = () => new Promise(() => undefined)
      images.want()
      await settled()
      expect((await pool.acquire(another('late'))).start).to.equal('restored')
      containers.behaviour.destroy = () => undefined
      pool.close()
    })

    it('makes room by evicting idle containers: better than a stem cell or a cold start without the image', async () => {
      const { pool, images, containers } = aPoolOfImages({
        settings: { userMemoryMb: 512 },
        stemCells: [{ initialCount: 1, memory: '128 MB' }],
      })
      images.live.clear()
      await used(await pool.acquire(another('idle', { memoryMb: 370 })))
      images.live.add('heavy')
      images.want(aTarget('heavy', 1))
      pool.start()
      await settled()
      expect(pool.figures()).to.deep.include({ prewarm: { count: 1, memoryMb: 128 } })
      expect(pool.figures()).to.deep.include({ warmStem: { count: 1, memoryMb: 2 } })
      const lease = await pool.acquire(aDemand({ memoryMb: 128 }))
      expect(lease.start).to.equal('warm-stem-cell')
      expect(containers.made[0]?.state).to.equal('destroyed')
      pool.close()
    })

    it('leaves it where busy containers hold the memory, for a stem cell of the manifest', async () => {
      const { pool } = await aStockedPool(1, {
        settings: { userMemoryMb: 512 },
        stemCells: [{ initialCount: 1, memory: '128 MB' }],
      })
      await pool.acquire(another('busy', { memoryMb: 384 - 4 }))
      await settled()
      const lease = await pool.acquire(aDemand({ memoryMb: 128 }))
      expect(lease.start).to.equal('prewarmed')
      pool.close()
    })

    it('goes on to restore the image when it cannot get other limits', async () => {
      const { pool, containers } = await aStockedPool(1)
      const [stem] = containers.made
      containers.behaviour.resize = () => {
        throw new Error('the kernel refuses')
      }
      const lease = await pool.acquire(aDemand())
      expect(lease.start).to.equal('restored')
      await settled()
      expect(stem?.state).to.equal('destroyed')
      expect(pool.figures().active).to.deep.equal({ count: 1, memoryMb: 256 })
      pool.close()
    })
  })

  describe('by restoring', () => {
    it('makes a container of its own, under the name and with the limits of the action', async () => {
      const { pool, containers } = aPoolOfImages()
      const lease = await pool.acquire(aDemand())
      expect(lease).to.include({ start: 'restored', mustInit: true })
      expect(containers.made[0]?.spec).to.include({ name: 'wsk0_1_guest_hello', memoryMb: 256, cpuShares: 256 })
    })

    it('goes on to the next way when it fails', async () => {
      const { pool, images, containers } = aPoolOfImages()
      images.behaviour.restore = () => {
        throw new Fault('IMAGE_RESTORE', 'the template is stuck')
      }
      const lease = await pool.acquire(aDemand())
      expect(lease.start).to.equal('cold')
      await settled()
      expect(containers.alive.length).to.equal(1)
    })

    it('goes on to a stem cell of the manifest, where there is one', async () => {
      const { pool, images } = aPoolOfImages({ stemCells: [{ initialCount: 1, memory: '256 MB' }] })
      pool.start()
      await settled()
      images.behaviour.restore = () => Promise.reject(new Fault('IMAGE_RESTORE', 'no'))
      expect((await pool.acquire(aDemand())).start).to.equal('prewarmed')
      pool.close()
    })

    it('goes on when the image goes between choice and restore', async () => {
      const { pool, images } = aPoolOfImages()
      images.choose = () => 'gone'
      expect((await pool.acquire(aDemand())).start).to.equal('cold')
    })

    it('fails no activation when the container cannot be made in any way but the last', async () => {
      const { pool, images, containers } = aPoolOfImages({ settings: { userMemoryMb: 256 } })
      const destroyed = deferred()
      containers.behaviour.destroy = () => destroyed.promise
      images.behaviour.restore = () => Promise.reject(new Fault('CONTAINER_CREATE', 'no'))
      const job = pool.acquire(aDemand())
      await settled()
      destroyed.resolve()
      expect((await job).start).to.equal('cold')
    })

    it('ends with the pool, also in the middle of it', async () => {
      const { pool, images, containers } = aPoolOfImages()
      images.want(aTarget('heavy', 1))
      images.behaviour.restore = () => new Promise(() => undefined)
      pool.start()
      const job = pool.acquire(aDemand())
      let isOver = false
      job.finally(() => {
        isOver = true
      })
      await settled()
      await pool.stop(AbortSignal.timeout(1_000))
      expect([isOver, containers.alive.length, images.listeners]).to.deep.equal([false, 0, 0])
    })
  })

  describe('the choice of an image', () => {
    it('is asked for once when a job is placed, and never for a warm container', async () => {
      const { pool, images } = await aStockedPool(16)
      images.choices = 0
      const lease = await pool.acquire(aDemand())
      expect(images.choices).to.equal(1)
      await used(lease)
      await used(await pool.acquire(aDemand()))
      expect(images.choices).to.equal(1)
      pool.close()
    })

    it('is not asked for where the action brings an image of its own', async () => {
      const { pool, images } = await aStockedPool(1)
      const action = anAction({ exec: { kind: 'blackbox', image: 'me/mine', binary: false } })
      expect((await pool.acquire(aDemand({ action }))).start).to.equal('cold')
      expect(images.choices).to.equal(0)
      pool.close()
    })
  })

  it('tells the images of every container that was granted', async () => {
    const { pool, images, meter } = await aStockedPool(1)
    await used(await pool.acquire(aDemand()))
    await used(await pool.acquire(aDemand()))
    expect(images.ways).to.deep.equal(['warm-stem-cell', 'warm'])
    expect(
      meter.counts.get(
        'counter_invoker_imageStart_counter_total{containerState=warm-stem-cell,image=id of heavy,engine=fork}',
      ),
    ).to.equal(1)
    pool.close()
  })

  it('relieves memory of images when a job must wait, once', async () => {
    const { pool, images } = aPoolOfImages({ settings: { userMemoryMb: 256 } })
    const lease = await pool.acquire(aDemand())
    const waiting = pool.acquire(another('waits'))
    const behind = pool.acquire(another('behind'))
    await settled()
    expect(images.reliefs).to.equal(1)
    lease.release({ keep: false })
    const next = await waiting
    expect(images.reliefs).to.equal(2)
    next.release({ keep: false })
    await behind
  })

  it('serves a burst: as many warm stem cells as there are, and the rest restored', async () => {
    const { pool, images, containers } = await aStockedPool(16, { settings: { userMemoryMb: 8192 } })
    expect(pool.figures().warmStem.count).to.equal(16)
    const jobs = Array.from({ length: 100 }, (_, at) => pool.acquire(another(`f${at}`, { memoryMb: 128 })))
    const leases: Lease[] = []
    for (const job of jobs) job.then((lease) => leases.push(lease)).catch(() => undefined)
    for (let round = 0; leases.length < 100 && round < 1_000; round += 1) {
      await settled()
      const usedMb = pool.figures().active.memoryMb + pool.figures().warmStem.memoryMb
      expect(usedMb).to.be.at.most(8192)
      // One activation comes to its end, and its container stays idle until its memory is needed.
      const lease = leases[round]
      if (lease) await used(lease)
    }
    const starts = leases.map(({ start }) => start)
    expect(starts.length).to.equal(100)
    expect(starts.slice(0, 16)).to.deep.equal(Array(16).fill('warm-stem-cell'))
    expect(starts.filter((start) => start === 'cold' || start === 'prewarmed')).to.deep.equal([])
    expect(new Set(leases.map(({ container }) => container)).size).to.equal(100)
    expect(images.ways.length).to.equal(100)
    await pool.stop(AbortSignal.timeout(1_000))
    expect(containers.alive).to.deep.equal([])
  })
})
