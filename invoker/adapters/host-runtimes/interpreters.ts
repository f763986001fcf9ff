import { execFile } from 'node:child_process'
import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A program on this host that runs code: `name` is the first word of a host build, `version` as it says itself. */
export interface Interpreter {
  readonly name: string
  readonly path: string
  readonly version: string
}

/** Where to look. */
export interface Places {
  /** Folders with interpreters for all users, best first. */
  readonly folders: readonly string[]
  /** The node that runs this program; it is preferred. */
  readonly ownNode: string
}

/** Which file names are which interpreter. `python3` has a file for each version, of which one is the default. */
const files: Readonly<Record<string, RegExp>> = { python3: /^python3(\.\d+)?$/, node: /^node(js)?$/ }

const run = promisify(execFile)
const PATIENCE_MS = 10_000

/** Finds the interpreters of this host, best first, each file once whatever its names. */
export async function findInterpreters(places: Places): Promise<readonly Interpreter[]> {
  const candidates = [{ name: 'node', path: places.ownNode }]
  for (const folder of places.folders) {
    for (const file of await namesIn(folder)) {
      for (const [name, pattern] of Object.entries(files)) {
        if (pattern.test(file)) candidates.push({ name, path: join(folder, file) })
      }
    }
  }
  const byFile = new Map<string, Promise<Interpreter | undefined>>()
  for (const { name, path } of candidates) {
    const file = await realpath(path).catch(() => undefined)
    if (file !== undefined && !byFile.has(file)) byFile.set(file, ask(name, file))
  }
  const found = await Promise.all(byFile.values())
  return found.filter((interpreter) => interpreter !== undefined)
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return [] // Not every host has every folder.
  }
}

/** Asks a file for its version; undefined when it does not run or says none. */
async function ask(name: string, path: string): Promise<Interpreter | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: PATIENCE_MS, env: {} })
    const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0]
    return version === undefined ? undefined : { name, path, version }
  } catch {
    return undefined // A file that does not run offers nothing.
  }
}
