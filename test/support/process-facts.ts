import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Lines of /proc/PID/status that tell what a process may do. */
const lines = [
  ...[
    'Uid',
    'Gid',
    'Groups',
    'CapInh',
    'CapPrm',
    'CapEff',
    'CapBnd',
    'CapAmb',
    'NoNewPrivs',
    'Seccomp',
    'Seccomp_filters',
  ],
  ...['Umask', 'Threads', 'SigBlk', 'Cpus_allowed', 'Mems_allowed', 'CoreDumping', 'THP_enabled', 'SigQ'],
]
const namespaces = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'pid_for_children', 'user', 'uts', 'time']

/** What a process may do and where it lives, as far as it does not tell one process of a container from another. */
export function factsOf(pid: number): Readonly<Record<string, string>> {
  const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8')
  const status = Object.fromEntries(
    read('status')
      .split('\n')
      .map((line) => [line.split(':')[0] ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  )
  return {
    ...Object.fromEntries(lines.map((name) => [name, status[name] ?? 'absent'])),
    ...Object.fromEntries(namespaces.map((name) => [`ns/${name}`, readlinkSync(`/proc/${pid}/ns/${name}`)])),
    cgroup: read('cgroup'),
    limits: read('limits'),
    root: readlinkSync(`/proc/${pid}/root`),
    cwd: readlinkSync(`/proc/${pid}/cwd`),
    mounts: read('mounts'),
    oom: read('oom_score_adj'),
    nice: read('stat').split(') ').at(-1)?.split(' ').slice(15, 17).join(' ') ?? '',
    // Its own session, not somebody else's.
    session: String(read('stat').split(') ').at(-1)?.split(' ')[3] === String(pid)),
  }
}

/** What the descriptors of a process are; a socket's and a pipe's number is left out. */
export function descriptorsOf(pid: number): Readonly<Record<string, string>> {
  const folder = `/proc/${pid}/fd`
  return Object.fromEntries(
    readdirSync(folder).map((fd) => [fd, readlinkSync(`${folder}/${fd}`).replace(/\[\d+\]/, '')]),
  )
}
