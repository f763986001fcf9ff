import type { Clock } from '../../ports/clock.ts'

/** An offset to commit: that of the next message to take. */
export interface PartitionOffset {
  readonly partition: number
  readonly offset: number
}

/** What a committer needs. */
export interface CommitterOptions {
  readonly clock: Clock
  /** How long what is done may wait, so that one request serves many. */
  readonly delayMs: number
  /** How long to wait after a commit that did not work. */
  readonly retryMs: number
  /** What is done and not confirmed. */
  readonly open: () => readonly PartitionOffset[]
  readonly commit: (offsets: readonly PartitionOffset[]) => Promise<void>
  readonly onFailure: (error: unknown) => void
}

/** Commits what is done: soon, one request at a time, and with no timer while there is nothing to commit. */
export class Committer {
  readonly #options: CommitterOptions
  #cancel: (() => void) | undefined
  #committing: Promise<void> | undefined

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  /** Something was done: it is committed within the delay. Cheap, as it is called for each message. */
  touch(): void {
    if (this.#cancel === undefined && this.#committing === undefined) this.#schedule(this.#options.delayMs)
  }

  /** Commits what is done now; resolves when the broker confirmed it or refused. */
  async flush(): Promise<void> {
    await this.#committing
    this.#cancel?.()
    this.#cancel = undefined
    await this.#commit()
  }

  /** Ends the timer. What is not committed comes again. */
  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #schedule(ms: number): void {
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#cancel = undefined
      this.#committing = this.#commit().then((wasConfirmed) => {
        this.#committing = undefined
        if (this.#options.open().length > 0)
          this.#schedule(wasConfirmed ? this.#options.delayMs : this.#options.retryMs)
      })
    })
  }

  /** Never rejects: a commit that did not work is tried again. */
  async #commit(): Promise<boolean> {
    const offsets = this.#options.open()
    if (offsets.length === 0) return true
    try {
      await this.#options.commit(offsets)
      return true
    } catch (error) {
      this.#options.onFailure(error)
      return false
    }
  }
}
