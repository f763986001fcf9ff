import type { Background } from '../lib/background.ts'
import type { ActionClient } from '../ports/action-client.ts'
import type { Container } from '../ports/containers.ts'
import type { Log } from '../ports/log.ts'
import type { Errand } from './lease.ts'
import type { Slot } from './slot.ts'

/** What the pool hears of a container. */
export interface LifeEvents {
  /** A paused or thawed container has settled: it may serve, or be parked. */
  settled(slot: Slot): void
  /** It could not be frozen or thawed, or its runtime ended. */
  broken(slot: Slot, why: string): void
  /** Nothing is left of it. */
  gone(slot: Slot): void
}

/** Carries out what the pool decides about one container. Every answer of the container is followed by one event or none. */
export class SlotLife {
  readonly #client: ActionClient
  readonly #log: Log
  readonly #background: Background
  readonly #events: LifeEvents

  constructor(options: {
    readonly client: ActionClient
    readonly log: Log
    readonly background: Background
    readonly events: LifeEvents
  }) {
    this.#client = options.client
    this.#log = options.log
    this.#background = options.background
    this.#events = options.events
  }

  /**
   * Puts the container that `create` makes into the slot.
   * @throws what `create` throws.
   */
  async fill(slot: Slot, create: (signal: AbortSignal) => Promise<Container>): Promise<void> {
    const filling = create(slot.abort.signal).then((container) => {
      slot.fill(container, this.#client.connect(container.endpoint))
      this.#watch(slot, container)
    })
    slot.making = filling.catch(() => undefined)
    await filling
  }

  /** Freezes an idle container. */
  pause(slot: Slot): void {
    slot.enter('pausing')
    this.#change(slot, 'pause', () => slot.made().container.pause())
  }

  /** Thaws a paused container for the jobs that wait for it. */
  resume(slot: Slot): void {
    slot.enter('resuming')
    this.#change(slot, 'resume', () => slot.made().container.resume())
  }

  /** Ends the requests to a runtime that has ended, and lets none be tried again. */
  disconnect(slot: Slot): void {
    this.#background.run('disconnect a container', slot.made().connection.close())
  }

  /** Destroys what is in the slot, also what is still being made. Does nothing where that is under way already. */
  remove(slot: Slot, why: string): void {
    this.#end(slot, { why, before: undefined })
  }

  /** As {@link remove}, once the errand that was left for it has been run. */
  retire(slot: Slot, why: string): void {
    this.#end(slot, { why, before: slot.takeErrand() })
  }

  #end(slot: Slot, { why, before }: { readonly why: string; readonly before: Errand | undefined }): void {
    if (slot.phase === 'removing' || slot.phase === 'gone') return
    slot.abort.abort(new Error(`Cannot make the container "${slot.spec.name}": ${why}`))
    slot.enter('removing')
    this.#log.debug('container is removed', { container: slot.spec.name, why })
    this.#background.run('remove a container', this.#destroy(slot, before))
  }

  async #destroy(slot: Slot, before: Errand | undefined): Promise<void> {
    await slot.making
    if (before) await before()
    if (slot.content) {
      // A connection that does not close must not keep the container: both are ended at once.
      await Promise.allSettled([slot.content.container.destroy(), slot.content.connection.close()])
    }
    slot.enter('gone')
    this.#events.gone(slot)
  }

  #watch(slot: Slot, container: Container): void {
    const watching = container.exited.then((how) => {
      slot.endedBy = how
      this.#events.broken(slot, how)
    })
    // Not owned background work: it lasts as long as the container, and idle() must not wait for that.
    watching.catch((error: unknown) =>
      this.#log.error('cannot watch a container', { container: slot.spec.name, error }),
    )
  }

  #change(slot: Slot, what: 'pause' | 'resume', work: () => Promise<void>): void {
    const phase = slot.phase
    const changing = work().then(
      () => slot.phase === phase && this.#events.settled(slot),
      (error: unknown) => {
        if (slot.phase !== phase) return
        this.#log.warn('container cannot be frozen or thawed', { container: slot.spec.name, what, error })
        this.#events.broken(slot, `it did not ${what}`)
      },
    )
    this.#background.run(`${what} a container`, changing)
  }
}
