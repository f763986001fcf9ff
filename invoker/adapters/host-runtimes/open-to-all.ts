import { type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Whether every user can read a file, or list a directory, at this absolute path, as far as modes say. */
export function isOpenToAll(path: string): boolean {
  const found = look(path)
  if (found === undefined || (found.mode & 0o004) === 0) return false
  return isPassable(found.isDirectory() ? path : dirname(path))
}

function isPassable(folder: string): boolean {
  const found = look(folder)
  if (found === undefined || (found.mode & 0o001) === 0) return false
  return folder === '/' || isPassable(dirname(folder))
}

function look(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}
