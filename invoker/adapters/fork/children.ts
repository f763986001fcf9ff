import type { ProcessEnd } from '../../domain/process-end.ts'
import { type Deferred, deferred } from '../../lib/deferred.ts'
import type { Kernel } from '../../ports/kernel.ts'

/**
 * The restored children of one template, by the host's number. Whoever is their parent knows how they end: the template, which
 * says so, and when it is gone this process, which then takes them over. Each end is told once.
 */
export class Children {
  readonly #running = new Map<number, Deferred<ProcessEnd>>()
  readonly #kernel: Pick<Kernel, 'ended'>
  #areOurs = false

  constructor(kernel: Pick<Kernel, 'ended'>) {
    this.#kernel = kernel
  }

  /** A child was born; gives its end. */
  add(pid: number): Promise<ProcessEnd> {
    const end = deferred<ProcessEnd>()
    this.#running.set(pid, end)
    if (this.#areOurs) this.#await(pid, end)
    return end.promise
  }

  /** The template has reaped a child. */
  ended(pid: number, end: ProcessEnd): void {
    this.#running.get(pid)?.resolve(end)
    this.#running.delete(pid)
  }

  /** The template is gone, and all that it said was heard: the kernel has given us those that live, and the dead that it left. */
  takeOver(): void {
    if (this.#areOurs) return
    this.#areOurs = true
    for (const [pid, end] of this.#running) this.#await(pid, end)
  }

  #await(pid: number, end: Deferred<ProcessEnd>): void {
    this.#kernel.ended(pid).then(
      (how) => {
        this.#running.delete(pid)
        end.resolve(how)
      },
      () => end.resolve({ kind: 'unknown' }),
    )
  }
}
