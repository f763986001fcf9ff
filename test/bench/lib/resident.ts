import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Memory that processes have resident, in bytes, each page divided by how many processes map it (PSS): sums count each page once. */
export interface Resident {
  readonly anonymous: number
  /** Of files: libraries, mostly. The page cache has them once for all processes that map them. */
  readonly file: number
}

/** One container, or what lives in a control group as one does. */
export interface Occupied extends Resident {
  readonly name: string
  /** The process that holds an image for others to be forked from, not a container of an action. */
  readonly isTemplate: boolean
}

/** Every container below a control group, with the memory of its processes. */
export function containersOf(controlGroup: string): readonly Occupied[] {
  const found = new Map<string, Occupied>()
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const one = occupiedBy(pid, controlGroup)
    if (one === undefined) continue
    const other = found.get(one.name)
    found.set(one.name, {
      name: one.name,
      isTemplate: one.isTemplate || other?.isTemplate === true,
      ...sumOf([one, ...(other === undefined ? [] : [other])]),
    })
  }
  return [...found.values()]
}

/** All of some. */
export function sumOf(parts: readonly Resident[]): Resident {
  return {
    anonymous: parts.reduce((total, { anonymous }) => total + anonymous, 0),
    file: parts.reduce((total, { file }) => total + file, 0),
  }
}

/** Bytes of both sorts. */
export function pssOf({ anonymous, file }: Resident): number {
  return anonymous + file
}

/** Reads the text of /proc/PID/smaps_rollup. Pages of a tmpfs count as anonymous: no disk has them. */
export function readRollup(text: string): Resident {
  const bytes = (name: string): number => 1024 * Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0)
  return { anonymous: bytes('Pss_Anon') + bytes('Pss_Shmem'), file: bytes('Pss_File') }
}

function occupiedBy(pid: string, controlGroup: string): Occupied | undefined {
  try {
    const name = containerIn(readFileSync(`/proc/${pid}/cgroup`, 'utf8'), controlGroup)
    if (name === undefined) return undefined
    // Copies have the command line of their template, but live in a PID namespace of their own.
    const isOurs = readlinkSync(`/proc/${pid}/ns/pid`) === readlinkSync('/proc/self/ns/pid')
    return { name, isTemplate: isOurs, ...readRollup(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) }
  } catch {
    // It ended while we looked.
    return undefined
  }
}

/** Name of the container below `controlGroup`, out of the text of /proc/PID/cgroup: any controller's line that has one. */
export function containerIn(text: string, controlGroup: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, name] = line.split(`/${controlGroup}/`)
    if (name !== undefined) return name.split('/')[0]
  }
  return undefined
}
