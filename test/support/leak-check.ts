import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a test may leave behind on the machine, by sort; each entry is a sentence for the failure. */
type Traces = Readonly<Record<string, ReadonlySet<string>>>

const allowed = new Set<number>()

/** Declares a process that outlives single tests and is ended by a root hook (the Kafka broker, say). */
export function outlivesTests(pid: number): void {
  allowed.add(pid)
}

function childrenOf(pid: number): string[] {
  const found: string[] = []
  for (const task of list(`/proc/${pid}/task`)) {
    for (const child of read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean)) {
      const command = read(`/proc/${child}/cmdline`).replaceAll('\0', ' ').trim()
      // esbuild serves tsx; a zombie (no command line) is about to be reaped.
      if (!allowed.has(Number(child)) && command !== '' && !command.includes('esbuild'))
        found.push(`${child} ${command}`)
    }
  }
  return found
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function traces(): Traces {
  const mounts = read('/proc/self/mounts')
    .split('\n')
    .filter((line) => line.includes('warmwhisk'))
  const cgroups = ['memory', 'pids', 'unified', ''].flatMap((hierarchy) =>
    list(`/sys/fs/cgroup/${hierarchy}`)
      .filter((name) => name.includes('warmwhisk'))
      .map((name) => `${hierarchy}/${name}`),
  )
  return {
    process: new Set(childrenOf(process.pid)),
    mount: new Set(mounts),
    cgroup: new Set(cgroups),
    'network namespace': new Set(
      list('/run/netns').filter((name) => name.includes('warmwhisk') || name.startsWith('ww')),
    ),
  }
}

function leaks(before: Traces): string[] {
  const after = traces()
  return Object.entries(after).flatMap(([sort, now]) =>
    [...now].filter((one) => !before[sort]?.has(one)).map((one) => `${sort}: ${one}`),
  )
}

let before: Traces = {}

/** After each test: no process, mount, cgroup or network namespace that was not there before it. What a suite's `before` made is not counted. */
export const mochaHooks = {
  beforeEach(): void {
    before = traces()
  },
  async afterEach(): Promise<void> {
    for (let wait = 0; wait < 40 && leaks(before).length > 0; wait += 1) await sleep(50)
    const left = leaks(before)
    if (left.length > 0) throw new Error(`The test left behind:\n  ${left.join('\n  ')}`)
  },
}
