import type { Clock } from '../ports/clock.ts'
import type { ContainerSpec } from '../ports/containers.ts'
import type { Demand } from './demand.ts'
import { ContainerNames, cpuShares } from './naming.ts'
import type { PoolOptions, PoolSettings } from './pool-options.ts'
import type { StemWish } from './prewarm.ts'
import { Slot } from './slot.ts'

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

  /** For the action of a demand, which owns it from the start. */
  forDemand(demand: Demand): Slot {
    const { image } = demand.action.exec
    const name = this.#names.forAction(demand.namespace, demand.action.name)
    const slot = this.#slot({ name, ...this.#size(demand), ...(image !== undefined && { image }) })
    slot.belongTo(demand)
    return slot
  }

  /** For a stem cell; its time to live, if it has one, counts from now. */
  forStem(wish: StemWish): Slot {
    const slot = this.#slot({ name: this.#names.forStem(wish.kind), ...this.#size(wish) })
    if (wish.cell.reactive) slot.expiresAtMs = this.#clock.now() + wish.cell.reactive.ttlMs
    return slot
  }

  #size({ kind, memoryMb }: { readonly kind: string; readonly memoryMb: number }): Omit<ContainerSpec, 'name'> {
    const { userMemoryMb, containerEnv } = this.#settings
    return { kind, memoryMb, cpuShares: cpuShares(memoryMb, userMemoryMb), env: containerEnv }
  }

  #slot(spec: ContainerSpec): Slot {
    return new Slot(spec, this.#clock.now())
  }
}
