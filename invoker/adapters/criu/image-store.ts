import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Directories of images, on a tmpfs of their own that has the budget as its size. It is mounted when the first one is made. */
export class ImageStore {
  readonly #directory: string
  readonly #budgetBytes: number
  #mounted: Promise<void> | undefined
  #number = 0

  constructor({ directory, budgetBytes }: { readonly directory: string; readonly budgetBytes: number }) {
    this.#directory = directory
    this.#budgetBytes = budgetBytes
  }

  /** Makes an empty directory that only root can look into. @throws Error when the tmpfs cannot be mounted. */
  async make(): Promise<string> {
    this.#mounted ??= this.#mount().catch((error: unknown) => {
      this.#mounted = undefined
      throw error
    })
    await this.#mounted
    this.#number += 1
    const directory = join(this.#directory, `${this.#number}`)
    await mkdir(directory, { mode: 0o700 })
    return directory
  }

  /** Forgets everything. No image may be in use. */
  async close(): Promise<void> {
    if (this.#mounted === undefined) return
    await this.#mounted
    this.#mounted = undefined
    await run('umount', ['--lazy', this.#directory])
    await rmdir(this.#directory)
  }

  async #mount(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    const options = `nosuid,nodev,noexec,mode=700,size=${this.#budgetBytes}`
    await run('mount', ['-t', 'tmpfs', '-o', options, 'warmwhisk-images', this.#directory])
  }
}

/** What the files of a directory take; 0 when it is gone. */
export async function bytesOf(directory: string): Promise<number> {
  try {
    const sizes = await Promise.all((await readdir(directory)).map((name) => stat(join(directory, name))))
    return sizes.reduce((sum, { blocks }) => sum + blocks * 512, 0)
  } catch {
    return 0 // It is being removed.
  }
}

/** Removes a directory of an image. Never rejects: what is left goes with the tmpfs. */
export async function removeImage(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true }).catch(() => undefined)
}
