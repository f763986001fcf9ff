import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckpointSource } from '../../ports/checkpoints.ts'
import type { Place } from '../../ports/empty-containers.ts'
import { expireGenerators } from './generators.ts'
import type { CriuProgram } from './program.ts'
import { runCriu } from './run-criu.ts'

/** A process that was written to files. */
export interface Checkpoint {
  readonly directory: string
  /** Its number in the PID namespace of its container, there and in every copy's. */
  readonly number: number
  /** What CRIU calls that which a copy gets in the place of what was open. */
  readonly stdout: string
  readonly stderr: string
  readonly listener: string
  /** Names and sizes of its files, as one text: another text, another image. */
  readonly files: string
  readonly pagesBytes: number
}

/** Packages that left something in a process which no copy can have. */
export class Unsuitable extends Error {}

/**
 * What a checkpoint needs beside what its target may do itself. CRIU runs as the target's user: without CAP_SYS_RESOURCE, which
 * not every root has, only that user may read its resource limits.
 */
const capabilities = [
  'sys_ptrace',
  'sys_admin',
  'sys_chroot',
  'checkpoint_restore',
  'dac_override',
  'net_admin',
  'kill',
]

/** Writes the runtime of a container to files and ends it. @throws Unsuitable; Error with what CRIU said. */
export async function checkpoint(
  source: CheckpointSource,
  options: {
    readonly program: CriuProgram
    readonly directory: string
    /** When the runtime was not started yet, in ms since 1970. */
    readonly beforeMs: number
    readonly signal: AbortSignal
  },
): Promise<Checkpoint> {
  const { program, directory, beforeMs, signal } = options
  const { runtimePid } = source
  const status = readFileSync(`/proc/${runtimePid}/status`, 'utf8')
  const number = numberInside(status)
  const streams = streamsOf(runtimePid)
  const images = openSync(directory, 'r')
  const namespaces = openNamespaces(source.initPid)
  try {
    await runCriu(
      {
        ...{ program, namespaces, images, controlGroups: [], passed: [] },
        through: asUserOf(status),
        words: () => ['dump', '--tree', String(number), '--unprivileged', '--manage-cgroups=ignore', '-v1'],
      },
      signal,
    )
  } finally {
    closeSync(images)
    for (const fd of Object.values(namespaces)) closeSync(fd)
  }
  // Without it a copy lives in the time of the host, and in no time namespace: clocks go on as in every other process.
  rmSync(join(directory, 'timens-0.img'), { force: true })
  const pagesBytes = await prepareGenerators(directory, { from: beforeMs / 1000, to: Date.now() / 1000 })
  return { directory, number, ...streams, files: filesOf(directory), pagesBytes }
}

/** Names and sizes of the files of an image, without CRIU's statistics. @throws Error when there is no such directory. */
export function filesOf(directory: string): string {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.img'))
    .sort()
    .map((name) => `${name} ${statSync(join(directory, name)).size}`)
    .join('\n')
}

/** Number of a process in the innermost PID namespace; `status` is the text of its status file. */
export function numberInside(status: string): number {
  return Number(/^NSpid:.*\t(\d+)$/m.exec(status)?.[1])
}

function streamsOf(pid: number): Pick<Checkpoint, 'stdout' | 'stderr' | 'listener'> {
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
  const sockets = open.filter((file) => file.startsWith('socket:'))
  const [listener] = sockets
  if (listener === undefined) throw new Error('the runtime does not listen')
  if (sockets.length > 1) throw new Unsuitable(`${sockets.length - 1} sockets are open`)
  const [stdout, stderr] = [1, 2].map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)) as [string, string]
  return { stdout, stderr, listener }
}

function openNamespaces(pid: number): Place['namespaces'] {
  const open = (name: string): number => openSync(`/proc/${pid}/ns/${name}`, 'r')
  return {
    pid: open('pid'),
    mnt: open('mnt'),
    cgroup: open('cgroup'),
    uts: open('uts'),
    ipc: open('ipc'),
    net: open('net'),
  }
}

function asUserOf(status: string): readonly string[] {
  const id = (name: string): string => new RegExp(`^${name}:\\t(\\d+)`, 'm').exec(status)?.[1] ?? '0'
  const kept = `-all,${capabilities.map((name) => `+${name}`).join(',')}`
  const user = ['--reuid', id('Uid'), '--regid', id('Gid'), '--clear-groups']
  return ['setpriv', ...user, '--inh-caps', kept, '--ambient-caps', kept]
}

/** Gives the bytes of all pages. */
async function prepareGenerators(
  directory: string,
  life: { readonly from: number; readonly to: number },
): Promise<number> {
  let bytes = 0
  for (const name of readdirSync(directory).filter((file) => /^pages-\d+\.img$/.test(file))) {
    const file = join(directory, name)
    const pages = await readFile(file)
    if (expireGenerators(pages, life) > 0) await writeFile(file, pages)
    bytes += pages.length
  }
  return bytes
}
