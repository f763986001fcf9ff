import { statfs } from 'node:fs/promises'
import { Fault } from '../../faults/fault.ts'
import { toFault } from './faults.ts'

/** How long a look at the file system is believed. */
const believedMs = 500

/** LevelDB writes a document to its log, later to a table, and again when tables merge; indexes come on top. */
const amplification = 4

/**
 * Refuses writes before the file system does: LevelDB cannot go on after a write that was cut short. The reserve is what LevelDB
 * may need on its own for what it has taken already.
 */
export class FreeSpace {
  readonly #directory: string
  readonly #reserveBytes: number
  readonly #now: () => number
  #budgetBytes = 0
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor({
    directory,
    reserveBytes,
    now,
  }: {
    readonly directory: string
    readonly reserveBytes: number
    readonly now: () => number
  }) {
    this.#directory = directory
    this.#reserveBytes = reserveBytes
    this.#now = now
  }

  /** Takes room for `bytes` of documents. @throws Fault STORE_FULL. */
  async take(bytes: number): Promise<void> {
    await this.#look(bytes * amplification)
    if (this.#budgetBytes < bytes * amplification) throw this.#full(bytes)
    this.#budgetBytes -= bytes * amplification
  }

  /** Takes room for a file of `bytes`. @throws Fault STORE_FULL. */
  async takeFile(bytes: number): Promise<void> {
    this.#lookedAtMs = Number.NEGATIVE_INFINITY
    await this.#look(bytes)
    if (this.#budgetBytes < bytes) throw this.#full(bytes)
    this.#budgetBytes -= bytes
  }

  /** Whether LevelDB may write on its own, an index say. */
  async isLow(): Promise<boolean> {
    await this.#look(0)
    return this.#budgetBytes <= 0
  }

  async #look(bytes: number): Promise<void> {
    const now = this.#now()
    if (now - this.#lookedAtMs < believedMs && this.#budgetBytes > bytes) return
    const { bavail, bsize } = await statfs(this.#directory).catch((error: unknown) => {
      throw toFault(error, { what: 'asking for the free space', directory: this.#directory })
    })
    this.#budgetBytes = bavail * bsize - this.#reserveBytes
    this.#lookedAtMs = now
  }

  #full(bytes: number): Fault {
    const free = Math.max(0, this.#budgetBytes + this.#reserveBytes)
    return new Fault(
      'STORE_FULL',
      `"${this.#directory}" has ${free} bytes free, ${this.#reserveBytes} of them are kept in reserve, ${bytes} are to be written`,
      { facts: { directory: this.#directory, freeBytes: free } },
    )
  }
}
