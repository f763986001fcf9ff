import { once } from 'node:events'
import type { Running } from './command.ts'

/** What ends a server: Ctrl-C in a terminal, or SIGTERM of whoever started it. */
const ends = ['SIGINT', 'SIGTERM'] as const

/**
 * Serves until Ctrl-C or SIGTERM, then drains and stops. A signal that comes while it starts stops it as soon as it has
 * started; a second one ends the process at once. Gives the exit code: 1 when the server ended by itself.
 */
export async function serve(
  start: () => Promise<Running>,
  { graceMs, signals }: { readonly graceMs: number; readonly signals: NodeJS.EventEmitter },
): Promise<number> {
  const done = new AbortController()
  const asked = Promise.any(ends.map((name) => once(signals, name, { signal: done.signal }))).then(() => 0)
  // Nobody waits for the signal any more when the start failed or the server ended by itself.
  asked.catch(() => undefined)
  try {
    const running = await start()
    const code = await Promise.race([asked, running.ended?.then(() => 1) ?? asked])
    await withWayOut(signals, () => running.stop(graceMs))
    return code
  } finally {
    done.abort()
  }
}

/** While `work` runs, another signal ends the process at once. */
async function withWayOut(signals: NodeJS.EventEmitter, work: () => Promise<void>): Promise<void> {
  const giveUp = () => process.exit(1)
  for (const name of ends) signals.on(name, giveUp)
  try {
    await work()
  } finally {
    for (const name of ends) signals.off(name, giveUp)
  }
}
