import { closeSync, openSync } from 'node:fs'
import type { Place } from '../../ports/empty-containers.ts'
import type { ControlGroup } from '../../ports/kernel.ts'

/** Descriptors through which a process moves into a container. */
export interface NamespaceFiles extends Pick<Place, 'namespaces' | 'controlGroups'> {
  close(): void
}

/** Opens the namespaces of process `pid` and its control groups; Node.js closes every descriptor on exec. @throws Error when the process is gone; nothing is open then. */
export function openNamespaces(pid: number, cgroup: ControlGroup): NamespaceFiles {
  const opened: number[] = []
  const close = (): void => {
    for (const fd of opened.splice(0)) closeSync(fd)
  }
  const namespace = (name: keyof Place['namespaces']): number => {
    const fd = openSync(`/proc/${pid}/ns/${name}`, 'r')
    opened.push(fd)
    return fd
  }
  try {
    const namespaces = {
      pid: namespace('pid'),
      mnt: namespace('mnt'),
      cgroup: namespace('cgroup'),
      uts: namespace('uts'),
      ipc: namespace('ipc'),
      net: namespace('net'),
    }
    const controlGroups = cgroup.openProcs()
    opened.push(...controlGroups)
    return { namespaces, controlGroups, close }
  } catch (error) {
    close()
    throw error
  }
}
