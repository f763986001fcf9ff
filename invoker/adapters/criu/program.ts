import { closeSync, openSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A CRIU that can be run. It is run inside of containers, where its files need not be: they are opened here and found there by
 * their descriptors.
 */
export interface CriuProgram {
  readonly criu: string
  /** Of a CRIU from another release of the system: the loader and the directory of libraries that it needs. */
  readonly own?: { readonly loader: string; readonly libraries: string }
}

/** Descriptors to pass to a child, and the command that uses them there. */
export interface OpenProgram {
  readonly fds: readonly number[]
  /** `first`: number that the first of them has in the child. */
  command(first: number): readonly string[]
  close(): void
}

/** Environment of CRIU and of what starts it. Nothing of our own: that holds secrets. */
export const programEnv = { PATH: '/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin:/sbin:/bin' } as const

/** Older ones meet a mapping on Linux 6.13 that they do not know, and cannot dump a process of a user that is not their own. */
export const oldestVersion = [4, 1] as const

/** The programs that might do, best first: what `prepare` unpacked, then the system's. */
export function candidates(toolsDirectory: string): readonly CriuProgram[] {
  const root = join(toolsDirectory, 'criu/root')
  const libraries = join(root, 'usr/lib', triplets[process.arch] ?? process.arch)
  const loader = join(libraries, loaders[process.arch] ?? 'ld.so')
  return [
    { criu: join(root, 'usr/sbin/criu'), own: { loader, libraries } },
    { criu: '/usr/sbin/criu' },
    { criu: '/usr/local/sbin/criu' },
  ]
}

const triplets: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }
const loaders: Readonly<Record<string, string>> = { x64: 'ld-linux-x86-64.so.2', arm64: 'ld-linux-aarch64.so.1' }

/** Whether all files of a program are there. */
export async function isThere({ criu, own }: CriuProgram): Promise<boolean> {
  const files = [criu, ...(own === undefined ? [] : [own.loader, own.libraries])]
  return (await Promise.all(files.map(exists))).every(Boolean)
}

/** Whether the version that a text names will do. */
export function isNewEnough(text: string, [major, minor] = oldestVersion): boolean {
  const [, first = '0', second = '0'] = /(\d+)\.(\d+)/.exec(text) ?? []
  return Number(first) > major || (Number(first) === major && Number(second) >= minor)
}

/** The command for a shell of this host, outside of containers. */
export function commandHere({ criu, own }: CriuProgram): readonly string[] {
  return own === undefined ? [criu] : [own.loader, '--library-path', own.libraries, criu]
}

/** Opens its files. @throws Error when one is missing. */
export function openProgram({ criu, own }: CriuProgram): OpenProgram {
  const fds: number[] = []
  const close = (): void => {
    for (const fd of fds.splice(0)) closeSync(fd)
  }
  try {
    for (const file of own === undefined ? [criu] : [own.loader, own.libraries, criu]) fds.push(openSync(file, 'r'))
  } catch (error) {
    close()
    throw error
  }
  return {
    fds,
    close,
    command: (first) => {
      const [one, two, three] = [first, first + 1, first + 2].map((fd) => `/proc/self/fd/${fd}`) as [
        string,
        string,
        string,
      ]
      return own === undefined ? [one] : [one, '--library-path', two, three]
    },
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
