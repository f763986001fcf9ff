import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { Breaker } from '../../../../invoker/adapters/breaker/breaker.ts'
import { Fault } from '../../../../invoker/faults/fault.ts'
import { ImagesMeter } from '../../../../invoker/images/images-meter.ts'
import type { Resident } from '../../../../invoker/images/shelf/resident.ts'
import { Restorer } from '../../../../invoker/images/shelf/restorer.ts'
import { deferred } from '../../../../invoker/lib/deferred.ts'
import type { ContainerSpec } from '../../../../invoker/ports/containers.ts'
import { eventually } from '../../../support/eventually.ts'
import type { FakeLiveImage } from '../../../support/fake-image-engine.ts'
import { FakeMeter } from '../../../support/fake-meter.ts'
import { faultOf } from '../../../support/fault-of.ts'
import { type ImageParts, imageParts } from '../../../support/image-parts.ts'

const spec: ContainerSpec = { name: 'wsk0_1_torch', kind: 'python:3', memoryMb: 256, cpuShares: 256, env: {} }
const open = new AbortController().signal

describe('Restorer', () => {
  let parts: ImageParts
  let meter: FakeMeter
  let told: string[]
  let restorer: Restorer
  let torch: Resident

  beforeEach(async () => {
    parts = await imageParts()
    meter = new FakeMeter()
    told = []
    restorer = new Restorer({
      ...{ inventory: parts.inventory, clock: parts.clock, log: parts.log, timeoutMs: 30 },
      meter: new ImagesMeter(meter),
      makeBreaker: (name) => new Breaker({ name, fault: 'IMAGE_RESTORE', meter, resetMs: 10_000, minCalls: 100 }),
      onRestored: () => told.push('restored'),
      onStale: () => told.push('stale'),
      onBroken: () => told.push('broken'),
    })
    torch = await parts.put('', 'torch')
  })

  afterEach(async () => {
    await restorer.stop(AbortSignal.timeout(1000))
    await parts.shelf.stop(AbortSignal.timeout(1000))
  })

  function refuse(fault: Fault): void {
    parts.engine.behaviour.restore = () => {
      throw fault
    }
  }

  function fellBack(cause: string): number | undefined {
    return meter.counts.get(`counter_images_fallback_counter_total{cause=${cause}}`)
  }

  it('restores, and counts that for the image', async () => {
    const container = await restorer.restore(torch, spec, open)
    expect(container.restored?.image).to.equal(torch.image.recipe.id)
    expect([torch.restores, torch.restoreMs]).to.deep.equal([1, 8])
    expect(told).to.deep.equal(['restored'])
  })

  it('restores nothing whose packages have changed, as soon as it looks at the disk again', async () => {
    parts.inventory.update('python:3', 'torch', '2.0')
    await restorer.restore(torch, spec, open)
    parts.clock.pass(2000)
    expect((await faultOf(restorer.restore(torch, spec, open))).message).to.match(/changed on disk/)
    expect(told).to.deep.equal(['restored', 'stale'])
    expect(fellBack('stale')).to.equal(1)
  })

  it('gives up in time, and gets rid of what comes too late', async () => {
    const late = deferred()
    const { containers } = parts.engine
    torch.image.restore = async () => {
      await late.promise
      return containers.create(spec, open)
    }
    expect((await faultOf(restorer.restore(torch, spec, open))).code).to.equal('IMAGE_RESTORE')
    expect(fellBack('timeout')).to.equal(1)
    late.resolve()
    await eventually('the late container is gone', () => containers.made.length === 1 && containers.alive.length === 0)
  })

  it('says when an image fails again and again, and logs each cause once', async () => {
    refuse(new Fault('IMAGE_RESTORE', 'the template does not answer'))
    for (let times = 0; times < 5; times += 1) await faultOf(restorer.restore(torch, spec, open))
    expect(told).to.deep.equal(['broken'])
    expect(fellBack('engine')).to.equal(5)
    expect(parts.log.lines.filter(({ level }) => level === 'warn')).to.have.length(1)
  })

  it('holds nothing against an image for which there was no container, or that the pool gave up', async () => {
    refuse(new Fault('CONTAINER_CREATE', 'no memory'))
    for (let times = 0; times < 6; times += 1) {
      expect((await faultOf(restorer.restore(torch, spec, open))).code).to.equal('CONTAINER_CREATE')
    }
    const given = new AbortController()
    parts.engine.behaviour.restore = () => {
      given.abort(new Error('not needed'))
      throw given.signal.reason
    }
    await restorer.restore(torch, spec, given.signal).catch(() => undefined)
    expect(torch.failures).to.equal(0)
    expect(told).to.deep.equal([])
  })

  it('keeps an image until its restore has ended', async () => {
    const end = deferred()
    parts.engine.behaviour.restore = () => end.promise
    const restoring = restorer.restore(torch, spec, open)
    parts.shelf.drop(torch.key, 'removed', 'the operator removed it')
    await setImmediate()
    expect((torch.image as FakeLiveImage).isDropped).to.equal(false)
    end.resolve()
    await restoring
    await torch.image.ended
  })
})
