import type { Clock } from '../../invoker/ports/clock.ts'

/** The machine's time, for tests against real parts. */
export const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms).unref()
    return () => clearTimeout(timer)
  },
}
