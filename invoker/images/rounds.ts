import { Background } from '../lib/background.ts'
import { within } from '../lib/within.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

/** Something to do again and again. */
export interface Round {
  readonly name: string
  readonly everyMs: number
  work(): Promise<void>
}

/** Does things again and again, each so long after it was done. What fails is logged and done again. */
export class Rounds {
  readonly #clock: Clock
  readonly #background: Background
  readonly #cancels = new Map<Round, () => void>()
  #isStopped = false

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock
    this.#background = new Background((what, error) => log.error(`cannot ${what}`, { error }))
  }

  start(rounds: readonly Round[]): void {
    for (const round of rounds) this.#wait(round)
  }

  async stop(signal: AbortSignal): Promise<void> {
    this.#isStopped = true
    for (const cancel of this.#cancels.values()) cancel()
    await within(this.#background.idle(), signal)
  }

  #wait(round: Round): void {
    if (this.#isStopped) return
    const cancel = this.#clock.after(round.everyMs, () => {
      this.#background.run(
        round.name,
        round.work().finally(() => this.#wait(round)),
      )
    })
    this.#cancels.set(round, cancel)
  }
}
