import type { Container, ContainerFactory, ContainerSpec } from '../ports/containers.ts'
import type { Demand } from './demand.ts'
import type { Room } from './eviction.ts'
import type { SlotView, Stock } from './slot-view.ts'

/** Makes a container. */
export type Create = (spec: ContainerSpec, signal: AbortSignal) => Promise<Container>

/** What a way would do for a job. */
export type Offer<S extends SlotView = SlotView> =
  /** Take a stem cell. The stock has what it holds less than the job needs. */
  | { readonly kind: 'take'; readonly slot: S }
  /** Make a container, of an image or afresh. The stock has the memory that the job needs. */
  | { readonly kind: 'create'; readonly image?: string; readonly create: Create }
  /** Wait for memory first: better than what the ways after this one would do at once. */
  | Room<S>

/** What a way is asked. */
export interface Asking<S extends SlotView = SlotView> {
  readonly demand: Demand
  readonly stock: Stock<S>
  /** Key of the live image that serves the demand best, undefined where none does. */
  image(): string | undefined
}

/**
 * One way to come by a container for an action that has no warm one. Ways are tried in the order of the list; one that fails
 * is followed by the next, for that job.
 */
export interface StartWay {
  /** The word in logs and metrics, such as `cold`. */
  readonly name: string
  /** What this way can do, undefined when nothing. Pure and fast: it is asked on the path of an activation. */
  offer<S extends SlotView>(asking: Asking<S>): Offer<S> | undefined
  /** Readies the container, taken or created, for the action before /init. A rejection destroys it. */
  ready?(container: Container, demand: Demand, signal: AbortSignal): Promise<void>
}

/** Takes a stem cell of exactly the kind and the memory, the one that expires first (protocol reference 5.3). */
export function prewarmed(): StartWay {
  return {
    name: 'prewarmed',
    offer: ({ demand, stock }) => {
      const fitting = stock.slots.filter(
        ({ phase, kind, memoryMb, image }) =>
          phase === 'stem' && kind === demand.kind && memoryMb === demand.memoryMb && image === undefined,
      )
      const slot = fitting.reduce(
        (first, one) => ((one.expiresAtMs ?? Infinity) < (first?.expiresAtMs ?? Infinity) ? one : first),
        fitting[0],
      )
      return slot && { kind: 'take', slot }
    },
  }
}

/** Makes a container of its own. The last way of every list. */
export function cold(factory: ContainerFactory): StartWay {
  const offer = { kind: 'create', create: (spec, signal) => factory.create(spec, signal) } as const satisfies Offer
  return {
    name: 'cold',
    offer: ({ demand, stock }) => (stock.freeMb >= demand.memoryMb ? offer : undefined),
  }
}
