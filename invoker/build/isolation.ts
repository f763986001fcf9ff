import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Where Debian and its kin put system programs. */
const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin']

/** Why runc cannot make containers here; undefined when it can. */
export function canRunc(): string | undefined {
  if (process.getuid?.() !== 0) return 'this user is not root'
  return missingOf(['runc', 'catatonit'])
}

/** Why containers cannot have a network of their own; undefined when they can. */
export function hasNetworkTools(): string | undefined {
  return missingOf(['ip', 'nft'])
}

function missingOf(programs: readonly string[]): string | undefined {
  const missing = programs.filter((program) => !folders.some((folder) => isProgram(join(folder, program))))
  return missing.length === 0
    ? undefined
    : `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    // Not there, or not ours to run: either way it is no help.
    return false
  }
}
