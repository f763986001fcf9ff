import type { TemplateSpec } from '../../ports/empty-containers.ts'
import type { Kernel } from '../../ports/kernel.ts'
import { type ConfigParts, maskedPaths, mounts, processConfig, readonlyPaths, resources } from './container-config.ts'

/** A build competes with activations: an eighth of a container of 256 MB. */
const BUILD_SHARES = 32
/** A template has one thread, and forks one child at a time. What starts more threads is found out and refused. */
const PIDS = 64
/**
 * What forking into other containers needs (docs/security.md): to join namespaces, a mount namespace among them, and to give up
 * the bounding set for good. The user needs no change.
 */
export const templateCapabilities = ['CAP_SYS_ADMIN', 'CAP_SYS_CHROOT', 'CAP_SETPCAP'] as const

/** Namespaces of its own. Not `pid`: children can only be born in PID namespaces below their parent's. */
const namespaces = ['mount', 'ipc', 'uts', 'cgroup', 'network']

/** What the configuration of a template's container is made from. */
export interface TemplateConfigParts
  extends Pick<ConfigParts, 'confinement' | 'hostBinds' | 'rootfs' | 'bundle' | 'cgroup' | 'hostname'> {
  readonly spec: TemplateSpec
  readonly cgroups: Kernel['cgroups']
}

/**
 * The OCI configuration of a template's container: as an action's, but for the PID namespace, the capabilities, a network with
 * nothing but a loopback, and seccomp. Filters stack and are inherited: with one here, its children would have two.
 */
export function templateConfig(parts: TemplateConfigParts): object {
  const { spec, confinement, cgroups } = parts
  const { launch, memoryMb } = spec
  return {
    ociVersion: '1.0.2',
    hostname: parts.hostname,
    root: { path: parts.rootfs, readonly: true },
    process: processConfig({
      args: launch.command,
      env: launch.env,
      cwd: '/tmp',
      confinement,
      capabilities: templateCapabilities,
    }),
    // Processes of other users are not to be seen.
    mounts: mounts({ ...parts, launch, memoryMb, proc: ['hidepid=2'] }),
    linux: {
      namespaces: namespaces.map((type) => ({ type })),
      cgroupsPath: parts.cgroup,
      resources: { ...resources(cgroups, { memoryMb, cpuShares: BUILD_SHARES }), pids: { limit: PIDS } },
      maskedPaths,
      readonlyPaths,
      rootfsPropagation: 'private',
    },
  }
}
