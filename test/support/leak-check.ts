import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a test may leave behind on the machine, by sort; each entry is a sentence for the failure. */
type Traces = Readonly<Record<string, ReadonlySet<string>>>

/** Where container factories keep their state: a directory an instance, and a file that names its process. */
const STATE = '/run/warmwhisk'

const allowed = new Set<number>()

/**
 * Declares a process that outlives single tests and is ended by a hook (the Kafka broker, say). While it lives, the containers
 * of an invoker that it is are no leaks either.
 */
export function outlivesTests(pid: number): void {
  allowed.add(pid)
}

/** Children that a test must end. By number alone: a process may change its command line. */
function childrenOf(pid: number): string[] {
  return (
    list(`/proc/${pid}/task`)
      .flatMap((task) => read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean))
      .filter((child) => !allowed.has(Number(child)))
      // esbuild serves tsx; a zombie (no command line) is about to be reaped.
      .filter((child) => !/^$|esbuild/.test(commandOf(child)))
  )
}

function commandOf(pid: string): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
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

/** Whether an invoker instance on this machine is the work of these tests: its process is ours, a descendant, or gone. */
function isOurs(instance: string): boolean {
  let pid = Number(read(join(STATE, `${instance}.owner`)).split(' ')[0])
  if (allowed.has(pid) && commandOf(String(pid)) !== '') return false
  while (pid > 1 && pid !== process.pid) pid = Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
  return pid !== 1
}

/** Control groups of instances, once for all hierarchies: `instance` and `instance/container`. */
function controlGroups(): string[] {
  const parents = ['', ...list('/sys/fs/cgroup')].flatMap((hierarchy) =>
    list(join('/sys/fs/cgroup', hierarchy))
      .filter((name) => name.startsWith('warmwhisk-'))
      .map((name) => join('/sys/fs/cgroup', hierarchy, name)),
  )
  const children = parents.flatMap((parent) =>
    list(parent)
      .filter(
        (name) =>
          !/^(cgroup|memory|cpu|cpuacct|cpuset|pids|blkio|io|freezer|devices|hugetlb|misc|rdma|notify_on_release|tasks)\b/.test(
            name,
          ),
      )
      .map((name) => join(parent, name)),
  )
  return [
    ...new Set([...parents, ...children].map((path) => path.slice(path.indexOf('warmwhisk-') + 'warmwhisk-'.length))),
  ]
}

/**
 * Traces of invokers. What an instance keeps for all its containers (its parent group, namespaces that are made ahead of time)
 * counts with the instance: one that a suite's `before` started may change those while a test runs.
 */
function traces(known: ReadonlySet<string>): Traces {
  const instances = list(STATE).filter(
    (name) => !name.endsWith('.owner') && !['forwarding', 'group-moves'].includes(name) && isOurs(name),
  )
  const groups = controlGroups().filter((path) => isOurs(path.split('/')[0] ?? ''))
  const mounts = read('/proc/self/mounts')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((target) => target.includes('warmwhisk'))
    .filter((target) => ![...known].some((instance) => target.startsWith(`${STATE}/${instance}/`)))
    .filter((target) => !target.startsWith(`${STATE}/`) || isOurs(target.split('/')[3] ?? ''))
  return {
    process: new Set(childrenOf(process.pid)),
    instance: new Set(instances),
    mount: new Set(mounts),
    cgroup: new Set(groups.filter((path) => !known.has(path))),
    bundle: new Set(
      instances.flatMap((name) => list(join(STATE, name, 'bundles')).map((bundle) => `${name} ${bundle}`)),
    ),
    'network namespace': new Set(
      list('/run/netns').filter((name) => name.includes('warmwhisk') || name.startsWith('ww')),
    ),
  }
}

function leaks(before: Traces): string[] {
  const after = traces(before.instance ?? new Set())
  return Object.entries(after).flatMap(([sort, now]) =>
    [...now]
      .filter((one) => !before[sort]?.has(one))
      .map((one) => `${sort}: ${one}${sort === 'process' ? ` ${commandOf(one)}` : ''}`),
  )
}

let before: Traces = {}

/** After each test: no process, mount, cgroup, network namespace, container or invoker that was not there before it. What a suite's `before` made is not counted. */
export const mochaHooks = {
  beforeEach(): void {
    before = traces(new Set())
  },
  async afterEach(): Promise<void> {
    for (let wait = 0; wait < 40 && leaks(before).length > 0; wait += 1) await sleep(50)
    const left = leaks(before)
    if (left.length > 0) throw new Error(`The test left behind:\n  ${left.join('\n  ')}`)
  },
}
