import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when the condition holds; rejects with what was awaited when it does not within `withinMs`. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Still waiting for: ${what}`)
    await sleep(5)
  }
}
