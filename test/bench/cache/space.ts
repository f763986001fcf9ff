import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchFunction } from '../cold/functions.ts'
import { createFresh, readRun } from '../cold/start.ts'
import { containersOf, type Resident, sumOf } from '../lib/resident.ts'
import type { Server } from '../lib/server.ts'
import { type DependencySet, importing } from './sets.ts'

/** What a cache holds for some functions, in bytes. */
export interface Space extends Resident {
  readonly functions: number
}

/** Memory that must stay free, whatever is measured. */
const reserveBytes = 3 * 2 ** 30

/**
 * One image a function: as many processes that have imported what their function needs, each from nothing, all at a time. They are
 * containers of the server, which must keep them. Gives what they take when there are as many as each of `counts`, in rising order.
 * @throws Error when memory does not suffice.
 */
export async function imageEach(
  server: Server,
  set: DependencySet,
  counts: readonly number[],
): Promise<readonly Space[]> {
  const spaces: Space[] = []
  const names: string[] = []
  for (const count of counts) {
    while (names.length < count) {
      if (availableBytes() < reserveBytes) {
        throw new Error(`Cannot measure ${count} images: memory is short after ${names.length}`)
      }
      names.push(await runFresh(server, importing(set)))
    }
    spaces.push({ functions: count, ...sumOf(containersOf(server)) })
  }
  for (const name of names) await server.remove(name)
  return spaces
}

/**
 * One image for all: the template and nothing that runs, and everything that the server stored since it knew none of the functions.
 * The server must not keep containers.
 */
export async function imageShared(
  server: Server,
  set: DependencySet,
  { counts, idle }: { readonly counts: readonly number[]; readonly idle: () => Promise<void> },
): Promise<readonly Space[]> {
  const spaces: Space[] = []
  const names: string[] = []
  const before = bytesBelow(server.dataDir)
  for (const count of counts) {
    while (names.length < count) names.push(await runFresh(server, importing(set)))
    await idle()
    const templates = sumOf(containersOf({ ...server, library: set.library }).filter(({ isTemplate }) => isTemplate))
    const stored = Math.max(0, bytesBelow(server.dataDir) - before)
    spaces.push({ ...templates, functions: count, anonymous: templates.anonymous + stored })
  }
  for (const name of names) await server.remove(name)
  return spaces
}

async function runFresh(server: Server, of: BenchFunction): Promise<string> {
  const name = await createFresh(server, of)
  const invoked = await server.invoke(name, of.input)
  readRun(invoked, await server.steps(invoked.activationId))
  return name
}

function availableBytes(): number {
  return 1024 * Number(/^MemAvailable: +(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0)
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (total, entry) => total + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    )
}
