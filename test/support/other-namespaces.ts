import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { eventually } from './eventually.ts'

/** Namespaces that a process of ours keeps, whose host is called `elsewhere`. */
export interface OtherNamespaces {
  /** In the order of a `restore`: pid, mnt, cgroup, uts, ipc, net. */
  readonly descriptors: readonly number[]
  /** Ends every process in them. */
  leave(): Promise<void>
}

/** Makes them. The next process there gets the number `nextPid`, if given. */
export async function otherNamespaces({ nextPid }: { readonly nextPid?: number } = {}): Promise<OtherNamespaces> {
  const number = nextPid === undefined ? '' : `echo ${nextPid - 1} > /proc/sys/kernel/ns_last_pid;`
  const script = `hostname elsewhere; ${number} exec sleep 600`
  const kinds = ['--pid', '--mount', '--cgroup', '--uts', '--ipc', '--net', '--mount-proc']
  const child = spawn('unshare', [...kinds, '--fork', '--kill-child', 'sh', '-c', script], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  const first = (): string => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()
  await eventually('a process in other namespaces', () => {
    const pid = first()
    return pid !== '' && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n'
  })
  const descriptors = ['pid', 'mnt', 'cgroup', 'uts', 'ipc', 'net'].map((name) =>
    openSync(`/proc/${first()}/ns/${name}`, 'r'),
  )
  return {
    descriptors,
    async leave() {
      for (const descriptor of descriptors) closeSync(descriptor)
      child.kill('SIGKILL')
      await exited
    },
  }
}
