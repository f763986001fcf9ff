import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Memory that processes have resident, in bytes, each page divided by how many processes map it (PSS): sums count each page once. */
export interface Resident {
  readonly anonymous: number
  /** Of files: libraries, mostly. The page cache has them once for all processes that map them. */
  readonly file: number
  /** What would be free again without them: pages that nobody else maps, and page tables. Not a part of the others. */
  readonly alone: number
}

/** One container, or what lives in a control group as one does. */
export interface Occupied extends Resident {
  readonly name: string
  /** The process that holds an image for others to be forked from, not a container of an action. */
  readonly isTemplate: boolean
}

/** What containers are looked for. */
export interface Sought {
  /** The control group that they are below. */
  readonly controlGroup: string
  /** A word in the path of a file that one of their processes has mapped; absent: any container. */
  readonly library?: string
}

/** The sought containers, with the memory of those of their processes that fit. */
export function containersOf(sought: Sought): readonly Occupied[] {
  const found = new Map<string, Occupied>()
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const one = occupiedBy(pid, sought)
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
    alone: parts.reduce((total, { alone }) => total + alone, 0),
  }
}

/** Bytes of both sorts, each page divided. */
export function pssOf({ anonymous, file }: Pick<Resident, 'anonymous' | 'file'>): number {
  return anonymous + file
}

/** Reads the texts of /proc/PID/smaps_rollup and of /proc/PID/status. Pages of a tmpfs count as anonymous: no disk has them. */
export function readResident(rollup: string, status: string): Resident {
  const text = `${rollup}\n${status}`
  const bytes = (name: string): number => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0)
  return {
    anonymous: bytes('Pss_Anon') + bytes('Pss_Shmem'),
    file: bytes('Pss_File'),
    alone: bytes('Private_Clean') + bytes('Private_Dirty') + bytes('VmPTE'),
  }
}

function occupiedBy(pid: string, { controlGroup, library = '' }: Sought): Occupied | undefined {
  const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8')
  try {
    const name = containerIn(read('cgroup'), controlGroup)
    if (name === undefined || !read('maps').includes(library)) return undefined
    // Copies have the command line of their template, but live in a PID namespace of their own.
    const isOurs = readlinkSync(`/proc/${pid}/ns/pid`) === readlinkSync('/proc/self/ns/pid')
    return { name, isTemplate: isOurs, ...readResident(read('smaps_rollup'), read('status')) }
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
