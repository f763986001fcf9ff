import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process of a container of an invoker. */
export interface InstanceProcess {
  readonly pid: number
  readonly command: string
  /** Name of its container. */
  readonly container: string
  readonly parent: number
}

/** Processes in the containers of an invoker, by the name that it has on the host. */
export function processesOf(instance: string): readonly InstanceProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const found = read(name)
    const container = new RegExp(`warmwhisk-${instance}/([^/\n]+)`).exec(found.cgroup)?.[1]
    if (container === undefined || found.command === '') return []
    return [{ pid: Number(name), command: found.command, container, parent: found.parent }]
  })
}

/** The template processes of an invoker. A child that is about to move into its container is none. */
export function templatesOf(instance: string): readonly InstanceProcess[] {
  const all = processesOf(instance).filter(
    ({ command, container }) => /template\.py/.test(command) && /_template\d+_[0-9a-f]+$/.test(container),
  )
  const pids = new Set(all.map(({ pid }) => pid))
  return all.filter(({ parent }) => !pids.has(parent))
}

/** Processes that live in a PID namespace, by the number that its processes have of it. */
export function processesInside(namespace: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => {
      try {
        return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/ns/pid`) === `pid:[${namespace}]`
      } catch {
        return false // It has ended.
      }
    })
    .map(Number)
}

function read(pid: string): { readonly cgroup: string; readonly command: string; readonly parent: number } {
  try {
    return {
      cgroup: readFileSync(`/proc/${pid}/cgroup`, 'utf8'),
      command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
      parent: Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0),
    }
  } catch {
    // It has ended.
    return { cgroup: '', command: '', parent: 0 }
  }
}
