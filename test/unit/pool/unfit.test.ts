import { expect } from 'chai'
import type { ActionClient } from '../../../invoker/ports/action-client.ts'
import { aPool, settled } from '../../support/a-pool.ts'
import { aStockedPool } from '../../support/a-pool-of-images.ts'
import { aDemand } from '../../support/a-slot-view.ts'
import { type FakeContainer, FakeContainers } from '../../support/fake-containers.ts'
import { FakeImages } from '../../support/fake-images.ts'

describe('a container that is not fit', () => {
  it('goes on to the next way, and to the last one for ever', async () => {
    const { pool } = await aStockedPool(4)
    const first = await pool.acquire(aDemand())
    first.release({ keep: false })
    const second = await pool.acquire(aDemand(), first)
    second.release({ keep: false })
    const third = await pool.acquire(aDemand(), second)
    third.release({ keep: false })
    expect([first, second, third].map(({ start }) => start)).to.deep.equal(['warm-stem-cell', 'restored', 'cold'])
    expect(third.nextWay).to.equal(undefined)
    expect((await pool.acquire(aDemand())).start).to.equal('warm-stem-cell')
    pool.close()
  })

  it('since its runtime ended before /init was taken, has its connection ended: nothing is tried again there', async () => {
    const containers = new FakeContainers()
    const images = new FakeImages(containers)
    let closed = 0
    const client: ActionClient = {
      connect: (endpoint) => ({
        ...containers.connect(endpoint),
        close: async () => {
          closed += 1
        },
      }),
    }
    const { pool } = aPool({ containers, images, client })
    const lease = await pool.acquire(aDemand())
    const container = lease.container as FakeContainer
    container.exit('it was stillborn')
    await settled()
    expect([closed, container.state]).to.deep.equal([1, 'running'])
    lease.release({ keep: false })
    await settled()
    expect(container.state).to.equal('destroyed')
  })
})
