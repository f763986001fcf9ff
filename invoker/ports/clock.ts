/** Time, so that a test can own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back once after `ms`; the function that it gives cancels. Timers never keep the process alive on their own. */
  after(ms: number, call: () => void): () => void
}
