import type { Container, ContainerFactory, ContainerSpec } from '../../ports/containers.ts'
import type { Breaker } from './breaker.ts'

/** A factory behind a breaker: while it is open, `create` faults CONTAINER_CREATE at once instead of trying what fails again and again. */
export class BreakerFactory implements ContainerFactory {
  readonly #factory: ContainerFactory
  readonly #breaker: Breaker

  constructor(factory: ContainerFactory, breaker: Breaker) {
    this.#factory = factory
    this.#breaker = breaker
  }

  get name(): string {
    return this.#factory.name
  }

  create(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    return this.#breaker.run(() => this.#factory.create(spec, signal))
  }

  removeLeftovers(): Promise<number> {
    return this.#factory.removeLeftovers()
  }

  /** The breaker is stopped by who made it. */
  stop(signal: AbortSignal): Promise<void> {
    return this.#factory.stop(signal)
  }
}
