import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'

/** What was found in a file of lines. */
export interface FoundLines {
  readonly lines: readonly string[]
  /** Numbers of lines that do not match their checksum, counted from 1. A last line without an end is no damage: a kill leaves it. */
  readonly damaged: readonly number[]
}

/** How a file of lines is kept. */
export interface LineFileOptions {
  readonly path: string
  /** First line: what the file is, and the version of its format. */
  readonly magic: string
  /** Whether each line is on the disk, and not only with the kernel, before `append` returns: for power loss. */
  readonly isSynced: boolean
}

/**
 * A file to which lines are added, each with a checksum. A line is whole or not there: what a full disk left of one is taken
 * back, and what a kill left of the last one is not read. Errors are the system's. Only one process may have it open.
 */
export class LineFile {
  readonly found: FoundLines
  readonly #options: LineFileOptions
  #descriptor: number
  #bytes = 0
  /** Sealed lines that go with the next one. */
  #deferred = ''

  /** Opens the file, and makes it where it is not there. @throws SyntaxError when it begins with another line than `magic` */
  constructor(options: LineFileOptions) {
    this.#options = options
    const { found, bytes } = readLines(options)
    this.found = found
    if (bytes === 0) this.#descriptor = this.#replace([])
    else {
      this.#descriptor = openSync(options.path, 'a', 0o600)
      this.#bytes = bytes
      ftruncateSync(this.#descriptor, bytes)
    }
  }

  /** Size of the file. */
  get bytes(): number {
    return this.#bytes
  }

  /** Adds a line, which holds no line feed. The kernel has it when this returns, so that a kill of the process cannot lose it. */
  append(text: string): void {
    const lines = this.#deferred + seal(text)
    const size = Buffer.byteLength(lines)
    if (this.#write(lines) !== size) {
      ftruncateSync(this.#descriptor, this.#bytes)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    }
    if (this.#options.isSynced) fdatasyncSync(this.#descriptor)
    this.#bytes += size
    this.#deferred = ''
  }

  /** Adds a line that a kill may lose: it is written with the next one, or at the end. */
  appendLater(text: string): void {
    this.#deferred += seal(text)
  }

  /** Puts these lines in the place of all, those to be written later included, in one step. */
  rewrite(texts: Iterable<string>): void {
    const before = this.#descriptor
    this.#descriptor = this.#replace(texts)
    closeSync(before)
    this.#deferred = ''
  }

  close(): void {
    try {
      if (this.#deferred !== '') this.#write(this.#deferred)
    } catch {
      // What a kill may lose, a full disk may lose.
    }
    closeSync(this.#descriptor)
  }

  #write(lines: string): number {
    try {
      return writeSync(this.#descriptor, lines)
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#bytes)
      throw error
    }
  }

  #replace(texts: Iterable<string>): number {
    const { path: target, magic, isSynced } = this.#options
    const draft = `${target}.new`
    const content = Buffer.from([`${magic}\n`, ...Array.from(texts, seal)].join(''))
    writeFileSync(draft, content, { mode: 0o600, flush: isSynced })
    const descriptor = openSync(draft, 'a')
    renameSync(draft, target)
    if (isSynced) syncDirectory(path.dirname(target))
    this.#bytes = content.length
    return descriptor
  }
}

function seal(text: string): string {
  return `${crc32(text).toString(36)} ${text}\n`
}

/** The lines, and how many bytes they take with the first. */
function readLines({ path: file, magic }: LineFileOptions): { found: FoundLines; bytes: number } {
  const content = readOrNothing(file)
  const end = content.lastIndexOf(0x0a) + 1
  const [first, ...rows] = content.toString('utf8', 0, end).split('\n').slice(0, -1)
  if (first === undefined) return { found: { lines: [], damaged: [] }, bytes: 0 }
  if (first !== magic)
    throw new SyntaxError(`Cannot read "${file}": it begins with "${first.slice(0, 40)}", not "${magic}"`)
  const lines: string[] = []
  const damaged: number[] = []
  for (const [index, row] of rows.entries()) {
    const text = row.slice(row.indexOf(' ') + 1)
    if (`${seal(text)}` === `${row}\n`) lines.push(text)
    else damaged.push(index + 2)
  }
  return { found: { lines, damaged }, bytes: end }
}

function readOrNothing(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
