import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long to wait for silence. */
export interface Silence {
  /** Before the first look: what was just caused has begun by then. */
  readonly settleMs: number
  /** Then it goes on in any case. */
  readonly atMostMs: number
}

const windowMs = 40
const idleShare = 0.85

/**
 * Waits until the machine does next to nothing, for two looks in turn: containers of the run before are gone, stem cells are there
 * again, no image is being built. So no start pays for another.
 */
export async function quiet({ settleMs, atMostMs }: Silence): Promise<void> {
  await sleep(settleMs)
  const deadline = performance.now() + atMostMs
  let quietLooks = 0
  let before = processorTicks(readFileSync('/proc/stat', 'utf8'))
  while (quietLooks < 2 && performance.now() < deadline) {
    await sleep(windowMs)
    const now = processorTicks(readFileSync('/proc/stat', 'utf8'))
    const isQuiet = now.idle - before.idle >= idleShare * (now.all - before.all)
    quietLooks = isQuiet ? quietLooks + 1 : 0
    before = now
  }
}

/** Ticks of all processors since boot, out of the text of /proc/stat: idle ones (with those that wait for a disk), and all. */
export function processorTicks(stat: string): { readonly idle: number; readonly all: number } {
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal = 0] = (
    /^cpu +(.*)$/m.exec(stat)?.[1] ?? ''
  )
    .split(' ')
    .map(Number)
  return { idle: idle + ioWait, all: user + nice + system + idle + ioWait + irq + softIrq + steal }
}
