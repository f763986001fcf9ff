import { existsSync } from 'node:fs'
import type { RuntimeLaunch } from '../../domain/runtime-launch.ts'
import { MiB } from '../../domain/size.ts'
import type { ContainerSpec } from '../../ports/containers.ts'
import type { Kernel } from '../../ports/kernel.ts'
import type { Confinement } from './options.ts'

/** Where the runtime starts, private and writable. */
export const workDir = '/work'

/** A mount of an OCI configuration. */
export interface Mount {
  readonly destination: string
  readonly type: string
  readonly source: string
  readonly options: readonly string[]
}

/** What a configuration is made from. */
export interface ConfigParts {
  readonly spec: ContainerSpec
  readonly launch: RuntimeLaunch
  readonly confinement: Confinement
  readonly seccomp: object
  readonly cgroups: Kernel['cgroups']
  /** Directories of the host that every container sees read-only. */
  readonly hostBinds: RuntimeLaunch['binds']
  readonly rootfs: string
  /** Directory of this container on the host: its `hosts` file. */
  readonly bundle: string
  /** File of the network namespace; undefined: a new one with a loopback only. */
  readonly netns: string | undefined
  readonly cgroup: string
  readonly hostname: string
}

/** Kernel files that tell about the host or reach into it; moby hides and protects the same ones. */
export const maskedPaths = [
  'acpi',
  'asound',
  'interrupts',
  'kcore',
  'keys',
  'latency_stats',
  'sched_debug',
  'scsi',
  'timer_list',
]
  .concat(['timer_stats', 'kallsyms', 'kmsg', 'modules', 'config.gz', 'sysvipc', 'driver', 'pressure'])
  .map((name) => `/proc/${name}`)
export const readonlyPaths = ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'].map((name) => `/proc/${name}`)

/** Namespaces of its own; the network's comes ready. */
const namespaces = ['pid', 'mount', 'ipc', 'uts', 'cgroup']

/** Read-only, and so are the mounts below it. */
const readOnly = ['rbind', 'rro', 'rnosuid', 'rnodev', 'rprivate']

/** The OCI configuration of a container whose first process only holds it open and reaps orphans. */
export function containerConfig(parts: ConfigParts): object {
  const { spec, confinement, cgroups } = parts
  return {
    ociVersion: '1.0.2',
    hostname: parts.hostname,
    root: { path: parts.rootfs, readonly: true },
    process: processConfig({ args: ['/usr/bin/catatonit', '-P'], env: {}, cwd: '/', confinement }),
    mounts: mounts({ ...parts, memoryMb: spec.memoryMb }),
    linux: {
      namespaces: [
        ...namespaces.map((type) => ({ type })),
        { type: 'network', ...(parts.netns === undefined ? {} : { path: parts.netns }) },
      ],
      cgroupsPath: parts.cgroup,
      resources: {
        ...resources(cgroups, spec),
        pids: { limit: confinement.pidsLimit },
      },
      seccomp: parts.seccomp,
      maskedPaths,
      readonlyPaths,
      rootfsPropagation: 'private',
    },
  }
}

/** Limits of control groups: memory, CPU, and no devices but those that every container has. */
export function resources(
  cgroups: Kernel['cgroups'],
  { memoryMb, cpuShares }: { readonly memoryMb: number; readonly cpuShares: number },
): object {
  const bytes = memoryMb * MiB
  return {
    devices: [{ allow: false, access: 'rwm' }],
    // Equal limits: nothing is swapped.
    memory: { limit: bytes, ...(cgroups.limitSwap ? { swap: bytes } : {}) },
    cpu: { shares: cpuShares },
    ...(cgroups.killGroup ? { unified: { 'memory.oom.group': '1' } } : {}),
  }
}

/** What a process of a container is started with. */
export interface ProcessOptions {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly confinement: Confinement
  /** Names of its capabilities; none where absent. It keeps them when it starts another program. */
  readonly capabilities?: readonly string[]
}

/** A process of a container: no capabilities but those named, no way to new ones, no user but its own. */
export function processConfig({ args, env, cwd, confinement, capabilities = [] }: ProcessOptions): object {
  const { uid, gid, openFiles } = confinement
  return {
    terminal: false,
    user: { uid, gid },
    args,
    env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    cwd,
    capabilities: {
      bounding: capabilities,
      effective: capabilities,
      permitted: capabilities,
      inheritable: capabilities,
      ambient: capabilities,
    },
    rlimits: [
      { type: 'RLIMIT_NOFILE', soft: openFiles, hard: openFiles },
      { type: 'RLIMIT_CORE', soft: 0, hard: 0 },
    ],
    noNewPrivileges: true,
  }
}

/** What to mount: kernel files, private temporary directories, and of the host, read-only, what programs need. */
export function mounts(
  options: Pick<ConfigParts, 'launch' | 'confinement' | 'hostBinds' | 'bundle'> & {
    readonly memoryMb: number
    /** Of the mount of /proc, beside the usual ones. */
    readonly proc?: readonly string[]
  },
): Mount[] {
  const { launch, confinement, hostBinds, bundle, memoryMb, proc = [] } = options
  const size = Math.min(confinement.tmpBytes, (memoryMb * MiB) / 2)
  const { uid, gid } = confinement
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev', ...proc] },
    tmpfs('/dev', ['noexec', 'strictatime', 'mode=755', 'size=65536k']),
    tmpfs('/dev/shm', ['noexec', 'nodev', 'mode=1777', `size=${size}`]),
    tmpfs('/tmp', ['nodev', 'mode=1777', `size=${size}`]),
    tmpfs(workDir, ['nodev', 'mode=700', `uid=${uid}`, `gid=${gid}`, `size=${size}`]),
    ...[...hostBinds, ...launch.binds, { source: `${bundle}/hosts`, target: '/etc/hosts' }].map(bind),
  ]
}

function tmpfs(destination: string, options: readonly string[]): Mount {
  return { destination, type: 'tmpfs', source: 'tmpfs', options: ['nosuid', ...options] }
}

function bind({ source, target }: { readonly source: string; readonly target: string }): Mount {
  return { destination: target, type: 'bind', source, options: readOnly }
}

/** Directories of the host that a container needs, as far as they exist; none holds a secret. */
export function hostBinds(exists: (path: string) => boolean = existsSync): RuntimeLaunch['binds'] {
  return ['/usr', '/etc/ssl/certs', '/etc/alternatives', '/sys/devices/system/cpu', '/sys/devices/system/node']
    .filter(exists)
    .map((path) => ({ source: path, target: path }))
}
