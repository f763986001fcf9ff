/** Leaves a thing alone that has failed again and again, and tries it now and then until it is well. */
export interface Breaker {
  /** Whether calls are answered at once. */
  readonly isOpen: boolean
  /** Calls the thing. @throws what `work` throws, or a fault of the thing's own while the breaker is open. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Ends its timers. */
  stop(): Promise<void>
}

/** Makes the breaker of one thing, which the name names in metrics and messages. */
export type MakeBreaker = (name: string) => Breaker
