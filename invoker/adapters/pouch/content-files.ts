import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { Serial } from '../../lib/serial.ts'

/** Bytes hashed and written between two turns of the event loop: some milliseconds of work. */
const sliceBytes = 1024 * 1024

const contentName = /^[0-9a-f]{64}$/

/**
 * Files named by the SHA-256 of their content, and counted: a file goes when nothing refers to it any more. A reference is taken
 * before the document that makes it is written, and given back after the document that made it is gone, so that a crash leaves at
 * most a file too many, which {@link sweep} finds.
 */
export class ContentFiles {
  readonly directory: string
  readonly #references = new Map<string, number>()
  /** Giving a name and removing one never overlap: the same content may come while its last copy goes. */
  readonly #names = new Serial()

  constructor(directory: string) {
    this.directory = directory
  }

  /** Writes content, in slices, and takes a reference to it; gives its name. After it, the content survives a loss of power. */
  async write(data: Buffer): Promise<string> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 })
    const draft = join(this.directory, `${randomUUID()}.part`)
    try {
      const name = await writeDraft(draft, data)
      await this.#names.run(() => rename(draft, join(this.directory, name)).then(() => this.hold([name])))
      await syncDirectory(this.directory)
      return name
    } catch (error) {
      await unlink(draft).catch(() => undefined) // It may never have been there, or have its name already.
      throw error
    }
  }

  /** The content, undefined when it is not there. */
  async read(name: string): Promise<Buffer | undefined> {
    if (!contentName.test(name)) return undefined
    try {
      return await readFile(join(this.directory, name))
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /** Takes one more reference to each. */
  hold(names: readonly string[]): void {
    for (const name of names) this.#references.set(name, (this.#references.get(name) ?? 0) + 1)
  }

  /** Gives references back and removes what nothing refers to. */
  release(names: readonly string[]): Promise<void> {
    return this.#names.run(() => this.#release(names))
  }

  /** Whether there is anything to sweep. */
  async isEmpty(): Promise<boolean> {
    return (await this.#list()).length === 0
  }

  /** Counts anew from `references`, at the start, and removes every file that nothing refers to; gives how many. */
  async sweep(references: AsyncIterable<string>): Promise<number> {
    this.#references.clear()
    for await (const name of references) this.hold([name])
    const unused = (await this.#list()).filter((file) => !this.#references.has(file))
    await Promise.all(unused.map((file) => unlink(join(this.directory, file))))
    return unused.length
  }

  async #release(names: readonly string[]): Promise<void> {
    const unused = names.filter((name) => {
      const left = (this.#references.get(name) ?? 0) - 1
      if (left > 0) this.#references.set(name, left)
      else this.#references.delete(name)
      return left <= 0
    })
    await Promise.all(unused.map((name) => this.#remove(name)))
  }

  async #remove(name: string): Promise<void> {
    try {
      await unlink(join(this.directory, name))
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  async #list(): Promise<string[]> {
    try {
      return await readdir(this.directory)
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }
}

async function writeDraft(path: string, data: Buffer): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o600)
  try {
    for (let from = 0; from < data.length; from += sliceBytes) {
      const slice = data.subarray(from, from + sliceBytes)
      hash.update(slice)
      await writeWhole(file, slice)
      await turn()
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

async function writeWhole(file: FileHandle, slice: Buffer): Promise<void> {
  for (let done = 0; done < slice.length; ) done += (await file.write(slice, done)).bytesWritten
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ENOENT'
}
