import { Serial } from '../lib/serial.ts'
import type { ActionConnection } from '../ports/action-client.ts'
import type { Container, ContainerSpec } from '../ports/containers.ts'
import type { Demand } from './demand.ts'
import type { Job } from './job.ts'
import type { Errand } from './lease.ts'
import { checkMove, type Phase } from './phases.ts'
import type { SlotView } from './slot-view.ts'

/**
 * A place of the pool: memory that is reserved, and the container in it. Its phases are in phases.ts; they are written here
 * only. `activeCount` counts leases that are out and jobs that wait here; it is 0 in every idle phase.
 */
export class Slot implements SlotView {
  readonly spec: ContainerSpec
  readonly image: string | undefined
  /** Written by the ledger (slots.ts) and nobody else. */
  memoryMb: number
  /** Aborts the making of the container. */
  readonly abort = new AbortController()
  readonly #logTurns = new Serial()
  /** Settles when nobody is making the container any more. Never rejects. */
  making: Promise<void> = Promise.resolve()
  /** How the runtime ended, once it has. */
  endedBy: string | undefined
  expiresAtMs: number | undefined
  lastUsedMs: number
  activeCount = 0
  #phase: Phase = 'starting'
  #owner: SlotView['owner']
  #waiting: Job[] = []
  #made: { readonly container: Container; readonly connection: ActionConnection } | undefined
  #errand: Errand | undefined

  /** It holds the memory limit of its container, unless `heldMb` says otherwise. */
  constructor(
    spec: ContainerSpec,
    how: { readonly nowMs: number; readonly image?: string | undefined; readonly heldMb?: number },
  ) {
    this.spec = spec
    this.image = how.image
    this.memoryMb = how.heldMb ?? spec.memoryMb
    this.lastUsedMs = how.nowMs
  }

  get phase(): Phase {
    return this.#phase
  }

  get kind(): string {
    return this.spec.kind
  }

  get owner(): SlotView['owner'] {
    return this.#owner
  }

  /** Moves on. @throws Error when the table does not allow it. */
  enter(phase: Phase): void {
    checkMove(this.#phase, phase)
    this.#phase = phase
  }

  /** Makes it the container of one action and namespace, for the rest of its life. */
  belongTo({ namespace, actionKey, concurrency }: Demand): void {
    this.#owner = { namespace, actionKey, concurrency }
    this.expiresAtMs = undefined
  }

  /** Puts the container in. */
  fill(container: Container, connection: ActionConnection): void {
    this.#made = { container, connection }
  }

  /** What is in it. @throws Error before it is filled. */
  made(): { readonly container: Container; readonly connection: ActionConnection } {
    if (!this.#made)
      throw new Error(`Cannot use the slot "${this.spec.name}" in phase "${this.#phase}": it has no container`)
    return this.#made
  }

  /** As {@link made}, undefined before it is filled. */
  get content(): { readonly container: Container; readonly connection: ActionConnection } | undefined {
    return this.#made
  }

  /** Runs work on the container's output, one piece after the other where several activations share it. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return (this.#owner?.concurrency ?? 1) > 1 ? this.#logTurns.run(work) : work()
  }

  /** Keeps an errand until the container has nothing else to do. */
  keepErrand(errand: Errand | undefined): void {
    this.#errand = errand ?? this.#errand
  }

  /** Takes the errand that was kept, if any. */
  takeErrand(): Errand | undefined {
    const errand = this.#errand
    this.#errand = undefined
    return errand
  }

  /** Counts a job in, which waits here until the slot can serve it. */
  await(job: Job): void {
    this.activeCount += 1
    this.#waiting.push(job)
  }

  /** The job that waits longest. */
  get firstWaiting(): Job | undefined {
    return this.#waiting[0]
  }

  /** Takes the job that waits longest, still counted in: it is about to be granted. */
  takeFirstWaiting(): Job | undefined {
    return this.#waiting.shift()
  }

  /** Takes the waiting jobs, still counted in: they are about to be granted. */
  takeWaiting(): readonly Job[] {
    const waiting = this.#waiting
    this.#waiting = []
    return waiting
  }

  /** Takes the waiting jobs and counts them out: they go elsewhere. */
  dismissWaiting(): readonly Job[] {
    const waiting = this.takeWaiting()
    this.activeCount -= waiting.length
    return waiting
  }
}
