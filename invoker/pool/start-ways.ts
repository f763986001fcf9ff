import type { Container, ContainerFactory, ContainerSpec } from '../ports/containers.ts'
import type { Demand } from './demand.ts'
import type { SlotView, Stock } from './slot-view.ts'

/** What a way would do for a job: take a stem cell, or make a container (which the stock must have memory for). */
export type Offer<S extends SlotView = SlotView> =
  | { readonly kind: 'take'; readonly slot: S }
  | { readonly kind: 'create' }

/**
 * One way to come by a container for an action that has no warm one. Ways are tried in the order of the list; one that fails
 * is followed by the next, for that job. An image engine adds an entry (design, section 3).
 */
export interface StartWay {
  /** The word in logs and metrics, such as `cold`. */
  readonly name: string
  /** What this way can do, undefined when nothing. Pure and fast: it is asked on the path of an activation. */
  offer<S extends SlotView>(demand: Demand, stock: Stock<S>): Offer<S> | undefined
  /** Makes the container of an offer to create. */
  create(spec: ContainerSpec, signal: AbortSignal): Promise<Container>
  /** Readies the container, taken or created, for the action before /init. A rejection destroys it. */
  ready?(container: Container, demand: Demand, signal: AbortSignal): Promise<void>
}

/** Takes a stem cell of exactly the kind and the memory, the one that expires first (protocol reference 5.3). */
export function prewarmed(factory: ContainerFactory): StartWay {
  return {
    name: 'prewarmed',
    offer: (demand, { slots }) => {
      const fitting = slots.filter(
        ({ phase, kind, memoryMb }) => phase === 'stem' && kind === demand.kind && memoryMb === demand.memoryMb,
      )
      const slot = fitting.reduce(
        (first, one) => ((one.expiresAtMs ?? Infinity) < (first?.expiresAtMs ?? Infinity) ? one : first),
        fitting[0],
      )
      return slot && { kind: 'take', slot }
    },
    create: (spec, signal) => factory.create(spec, signal),
  }
}

/** Makes a container of its own. The last way of every list. */
export function cold(factory: ContainerFactory): StartWay {
  return {
    name: 'cold',
    offer: (demand, { freeMb }) => (freeMb >= demand.memoryMb ? { kind: 'create' } : undefined),
    create: (spec, signal) => factory.create(spec, signal),
  }
}
