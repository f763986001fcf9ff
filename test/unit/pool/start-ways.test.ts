import { expect } from 'chai'
import { cold, prewarmed, type StartWay } from '../../../invoker/pool/start-ways.ts'
import { aManifest } from '../../support/a-manifest.ts'
import { aPool, settled } from '../../support/a-pool.ts'
import { aDemand } from '../../support/a-slot-view.ts'
import { FakeContainers } from '../../support/fake-containers.ts'

/** A way as an image engine would add it: restores into a stem cell, else into a container of its own, for what it has an image of. */
function restored(containers: FakeContainers, restore: (container: string) => void): StartWay {
  const base = [prewarmed(), cold(containers)]
  return {
    name: 'restored',
    offer: (asking) =>
      asking.demand.action.exec.kind === 'nodejs:20'
        ? base.map((way) => way.offer(asking)).find((offer) => offer !== undefined)
        : undefined,
    ready: async ({ id }) => restore(id),
  }
}

function aPoolWith(restore: (container: string) => void, stemCells: readonly object[] = []) {
  const containers = new FakeContainers()
  const ways = [restored(containers, restore), prewarmed(), cold(containers)]
  return aPool({ containers, ways, manifest: aManifest(stemCells) })
}

describe('a further way to start', () => {
  it('is used before those after it, and readies the container before the activation has it', async () => {
    const restoredInto: string[] = []
    const { pool, meter } = aPoolWith((container) => restoredInto.push(container))
    const lease = await pool.acquire(aDemand())
    expect(lease).to.include({ start: 'restored', mustInit: true })
    expect(restoredInto).to.deep.equal([lease.container.id])
    expect([...meter.counts.keys()]).to.include('counter_invoker_containerStart_counter_total{containerState=restored}')
  })

  it('may take a stem cell', async () => {
    const restoredInto: string[] = []
    const { pool } = aPoolWith((container) => restoredInto.push(container), [{ initialCount: 1, memory: '256 MB' }])
    pool.start()
    await settled()
    await pool.acquire(aDemand())
    expect(restoredInto).to.deep.equal(['wsk0_1_prewarm_nodejs20'])
    pool.close()
  })

  it('is passed over where it has nothing to offer', async () => {
    const { pool } = aPoolWith(() => undefined)
    expect((await pool.acquire(aDemand({ action: pythonAction() }))).start).to.equal('cold')
  })

  it('falls back to the next way when it fails, and the container that it spoiled is destroyed', async () => {
    const { pool, containers } = aPoolWith(() => {
      throw new Error('the image is stale')
    })
    const lease = await pool.acquire(aDemand())
    expect(lease.start).to.equal('cold')
    await settled()
    expect(containers.alive.map(({ id }) => id)).to.deep.equal([lease.container.id])
  })
})

function pythonAction() {
  const { action } = aDemand()
  return { ...action, exec: { ...action.exec, kind: 'python:3' } }
}
