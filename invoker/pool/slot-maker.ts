import type { Clock } from '../ports/clock.ts'
import type { ContainerSpec } from '../ports/containers.ts'
import type { Demand } from './demand.ts'
import { ContainerNames, cpuShares } from './naming.ts'
import type { PoolOptions, PoolSettings } from './pool-options.ts'
import { Slot } from './slot.ts'
import type { StemOrder } from './stem-order.ts'

/** Makes slots: the specification of the container and its name (protocol reference 5.9). */
export class SlotMaker {
  readonly #names: ContainerNames
  readonly #settings: PoolSettings
  readonly #clock: Clock

  constructor(options: Pick<PoolOptions, 'instance' | 'settings' | 'clock'>) {
    this.#names = new ContainerNames(options.instance)
    this.#settings = options.settings
    this.#clock = options.clock
  }

  /** For the action of a demand, which owns it from the start. `key` names the image that it is made of, if any. */
  forDemand(demand: Demand, key: string | undefined): Slot {
    const { image } = demand.action.exec
    const name = this.#names.forAction(demand.namespace, demand.action.name)
    const spec = { name, ...this.#size(demand), ...(image !== undefined && { image }) }
    const slot = new Slot(spec, { nowMs: this.#clock.now(), image: key })
    slot.belongTo(demand)
    return slot
  }

  /** For a stem cell; its time to live, if it has one, counts from now. */
  forStem(order: StemOrder): Slot {
    const nowMs = this.#clock.now()
    const spec = { name: this.#names.forStem(order.kind), ...this.#size(order) }
    const slot = new Slot(spec, { nowMs, image: order.image, heldMb: order.heldMb })
    if (order.ttlMs !== undefined) slot.expiresAtMs = nowMs + order.ttlMs
    return slot
  }

  #size({ kind, memoryMb }: { readonly kind: string; readonly memoryMb: number }): Omit<ContainerSpec, 'name'> {
    const { userMemoryMb, containerEnv } = this.#settings
    return { kind, memoryMb, cpuShares: cpuShares(memoryMb, userMemoryMb), env: containerEnv }
  }
}
