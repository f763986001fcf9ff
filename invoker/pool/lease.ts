import type { ActivationResponse } from '../domain/response.ts'
import type { ActionConnection } from '../ports/action-client.ts'
import type { Container } from '../ports/containers.ts'

/**
 * Something short to do in a container after an activation: once nothing runs in it, and before it is destroyed. Whoever
 * gets the container meanwhile waits for it. Never rejects.
 */
export type Errand = () => Promise<void>

/** What becomes of a container after an activation. */
export type Release =
  | { readonly keep: true; readonly errand?: Errand | undefined }
  /** Destroy it. `failure` is the response for those who waited for its initialisation; without it they are placed anew. */
  | { readonly keep: false; readonly failure?: ActivationResponse; readonly errand?: Errand | undefined }

/** What a lease needs of its slot. */
export interface Leasable {
  inTurn<T>(work: () => Promise<T>): Promise<T>
  made(): { readonly container: Container; readonly connection: ActionConnection }
}

/** What the pool does when a lease ends or its container is initialised. */
export interface LeaseHost<S extends Leasable> {
  initialised(slot: S): void
  released(slot: S, release: Release): void
}

/** The right to run one activation in a container. Whoever holds it ends it with exactly one `release`. */
export class Lease<S extends Leasable = Leasable> {
  /** How the container was found: `warm`, or the name of the way that started it. */
  readonly start: string
  /** The way to start after the one that started it; undefined where there is none, or it was warm. */
  readonly nextWay: number | undefined
  /** The holder must send /init first, and say `initialised` when it was accepted. */
  readonly mustInit: boolean
  readonly container: Container
  readonly connection: ActionConnection
  readonly #slot: S
  readonly #host: LeaseHost<S>
  #isOver = false

  constructor(
    slot: S,
    options: {
      readonly start: string
      readonly mustInit: boolean
      readonly nextWay?: number | undefined
      readonly host: LeaseHost<S>
    },
  ) {
    this.start = options.start
    this.nextWay = options.nextWay
    this.mustInit = options.mustInit
    const { container, connection } = slot.made()
    this.container = container
    this.connection = connection
    this.#slot = slot
    this.#host = options.host
  }

  /** Whether it served before: a refused connection then says nothing about the action (6.3). */
  get isReused(): boolean {
    return !this.mustInit
  }

  /** Runs work on the container's output one after the other, where several activations share it. */
  readLogs<T>(work: () => Promise<T>): Promise<T> {
    return this.#slot.inTurn(work)
  }

  /** The container is warm from now on: those who wait for it may run. */
  initialised(): void {
    this.#host.initialised(this.#slot)
  }

  /** Gives the container back. */
  release(release: Release): void {
    if (this.#isOver) throw new Error(`Cannot release a lease of "${this.container.id}": it is over already`)
    this.#isOver = true
    this.#host.released(this.#slot, release)
  }
}
