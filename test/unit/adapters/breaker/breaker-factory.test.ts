import { expect } from 'chai'
import { Breaker } from '../../../../invoker/adapters/breaker/breaker.ts'
import { BreakerFactory } from '../../../../invoker/adapters/breaker/breaker-factory.ts'
import { Fault } from '../../../../invoker/faults/fault.ts'
import type { ContainerSpec } from '../../../../invoker/ports/containers.ts'
import { FakeContainers } from '../../../support/fake-containers.ts'
import { FakeMeter } from '../../../support/fake-meter.ts'
import { faultOf } from '../../../support/fault-of.ts'

const spec: ContainerSpec = { name: 'wsk0_1_a_b', kind: 'python:3', memoryMb: 256, cpuShares: 256, env: {} }

describe('BreakerFactory', () => {
  it('answers at once while the factory fails again and again, and lets stop through', async () => {
    let tries = 0
    const containers = new FakeContainers()
    containers.behaviour.create = () => {
      tries += 1
      throw new Fault('CONTAINER_CREATE', 'no cgroup')
    }
    const breaker = new Breaker({ name: 'runc', fault: 'CONTAINER_CREATE', meter: new FakeMeter(), resetMs: 60_000 })
    const factory = new BreakerFactory(containers, breaker)
    const create = () => faultOf(factory.create(spec, AbortSignal.timeout(1_000)))
    for (let time = 0; time < 5; time += 1) await create()
    expect((await create()).message).to.contain('"runc" has failed again and again')
    expect(tries).to.equal(5)
    await factory.stop(AbortSignal.timeout(1_000))
    await breaker.stop()
  })
})
