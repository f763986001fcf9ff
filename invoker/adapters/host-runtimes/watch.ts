import { stat } from 'node:fs/promises'

/** A file or directory as it was: its size, and its time of change in ns. */
export interface Fingerprint {
  readonly path: string
  readonly size: number
  readonly mtimeNs: bigint
}

/** How long a look at the disk is good for. */
const GOOD_MS = 1000

/** Tells whether some files are as they were. Looks at most once a second. */
export class Watch {
  readonly #files: readonly Fingerprint[]
  #looked: { readonly atMs: number; readonly isSame: Promise<boolean> } | undefined

  constructor(files: readonly Fingerprint[]) {
    this.#files = files
  }

  isSame(nowMs: number): Promise<boolean> {
    if (this.#looked === undefined || nowMs - this.#looked.atMs >= GOOD_MS) {
      this.#looked = { atMs: nowMs, isSame: areSame(this.#files) }
    }
    return this.#looked.isSame
  }
}

/** How a file or directory is now; undefined: it is not there. */
export async function fingerprint(path: string): Promise<Fingerprint | undefined> {
  try {
    const { size, mtimeNs } = await stat(path, { bigint: true })
    return { path, size: Number(size), mtimeNs }
  } catch {
    return undefined // Whoever asks knows what a file that is gone means.
  }
}

async function areSame(files: readonly Fingerprint[]): Promise<boolean> {
  const now = await Promise.all(files.map(({ path }) => fingerprint(path)))
  return files.every(({ size, mtimeNs }, index) => now[index]?.size === size && now[index]?.mtimeNs === mtimeNs)
}
