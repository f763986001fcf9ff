import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'
import { join } from 'node:path'

const chunkBytes = 1024 * 1024

/** Where a text is found in a process, its container's writable files and its descriptors; each is a place in words. */
export function findInProcess(pid: number, marker: string): readonly string[] {
  return [
    ...findInMemory(pid, marker),
    ...['environ', 'cmdline', 'comm', 'mountinfo'].filter((file) =>
      readFileSync(`/proc/${pid}/${file}`).includes(marker),
    ),
    ...descriptorsOf(pid).filter((target) => target.includes(marker)),
    ...['tmp', 'work', 'dev/shm'].flatMap((folder) => findInFiles(`/proc/${pid}/root/${folder}`, marker)),
  ]
}

/** Names of the mappings of a process that hold a text: all that can be read are read. */
export function findInMemory(pid: number, marker: string): readonly string[] {
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8')
      .split('\n')
      .filter((line) => /^\S+ r/.test(line))
      .filter((line) => holds(memory, line, Buffer.from(marker)))
  } finally {
    closeSync(memory)
  }
}

/** Files below a folder whose name or content has a text. */
export function findInFiles(folder: string, marker: string): readonly string[] {
  return entries(folder).flatMap(({ path, isFile }) => {
    const isFound = path.includes(marker) || (isFile && readFileSync(path).includes(marker))
    return isFound ? [path] : []
  })
}

function entries(folder: string): readonly { readonly path: string; readonly isFile: boolean }[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => ({
      path: join(entry.parentPath, entry.name),
      isFile: entry.isFile(),
    }))
  } catch {
    // A template has no such folder.
    return []
  }
}

function descriptorsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
}

function holds(memory: number, mapping: string, marker: Buffer): boolean {
  const [from = 0, to = 0] = (mapping.split(' ')[0] ?? '').split('-').map((address) => Number.parseInt(address, 16))
  const chunk = Buffer.alloc(chunkBytes + marker.length)
  for (let at = from; at < to; at += chunkBytes) {
    const length = Math.min(chunk.length, to - at)
    if (chunk.subarray(0, read(memory, { chunk, length, at })).includes(marker)) return true
  }
  return false
}

function read(memory: number, of: { readonly chunk: Buffer; readonly length: number; readonly at: number }): number {
  try {
    return readSync(memory, of.chunk, 0, of.length, of.at)
  } catch {
    // The kernel's own pages, and those beyond the end of a file, cannot be read by anybody.
    return 0
  }
}
