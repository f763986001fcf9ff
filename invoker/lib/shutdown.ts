/** Something that must be ended. `stop` may be called once; the signal aborts when the time for a graceful end is over. */
export interface Stoppable {
  stop(signal: AbortSignal): Promise<void>
}

/** What was started, to be stopped in the reverse order. */
export class Shutdown {
  readonly #parts: { readonly name: string; readonly part: Stoppable }[] = []
  #stopping: Promise<void> | undefined

  /** Registers `part` and gives it back. What is owned last stops first. */
  own<T extends Stoppable>(name: string, part: T): T {
    this.#parts.push({ name, part })
    return part
  }

  /**
   * Stops every part within `graceMs` in all; later calls give the same promise.
   * @throws AggregateError when parts failed to stop; the others were stopped all the same.
   */
  stop(graceMs: number): Promise<void> {
    this.#stopping ??= this.#stopAll(AbortSignal.timeout(graceMs))
    return this.#stopping
  }

  async #stopAll(signal: AbortSignal): Promise<void> {
    const errors: Error[] = []
    for (const { name, part } of this.#parts.reverse()) {
      try {
        await part.stop(signal)
      } catch (cause) {
        errors.push(new Error(`Cannot stop "${name}"`, { cause }))
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `Cannot stop ${errors.length} part(s)`)
  }
}
