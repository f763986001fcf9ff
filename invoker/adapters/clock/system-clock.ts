import type { Clock } from '../../ports/clock.ts'

/** Longest timer that Node knows; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1

/** The machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, longestMs))
    timer.unref()
    return () => clearTimeout(timer)
  },
}
