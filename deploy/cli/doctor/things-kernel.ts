import { cgroupVersion, readCgroupMounts } from '../../../invoker/adapters/kernel/cgroup-files.ts'
import { type Finding, isAtLeast, type Patient, type Thing } from './thing.ts'

const isolation = 'containers cannot be isolated: only the factory "process" works'

/** What the kernel must offer. */
export const kernelThings: readonly Thing[] = [
  {
    what: 'Linux',
    isNeeded: true,
    without: isolation,
    remedy: 'Use Linux 5.4 or newer',
    probe: async ({ machine }) => {
      const release = (await machine.read('/proc/sys/kernel/osrelease'))?.trim()
      return { isThere: isAtLeast(release ?? '', [5, 4]), found: release ?? 'no Linux' }
    },
  },
  {
    what: 'root rights',
    isNeeded: true,
    without: isolation,
    remedy: 'Run it as root',
    probe: async ({ machine }) => ({ isThere: machine.uid === 0, found: `user ${machine.uid ?? 'unknown'}` }),
  },
  {
    what: 'namespaces',
    isNeeded: true,
    without: isolation,
    remedy: 'Use a kernel with pid, mount, network, ipc, uts and cgroup namespaces',
    probe: async ({ machine }) => {
      const names = ['pid', 'mnt', 'net', 'ipc', 'uts', 'cgroup']
      const there = await Promise.all(names.map((name) => machine.exists(`/proc/self/ns/${name}`)))
      const missing = names.filter((_, index) => !there[index])
      return {
        isThere: missing.length === 0,
        found: missing.length === 0 ? names.join(', ') : `no ${missing.join(', ')}`,
      }
    },
  },
  {
    what: 'cgroups',
    isNeeded: true,
    without: 'memory and processes of containers cannot be limited',
    remedy: 'Mount /sys/fs/cgroup with the controllers memory, pids and cpu',
    probe: cgroups,
  },
  {
    what: 'seccomp',
    isNeeded: true,
    without: 'containers may make every system call',
    remedy: 'Use a kernel with CONFIG_SECCOMP_FILTER',
    probe: async ({ machine }) => {
      const actions = await machine.read('/proc/sys/kernel/seccomp/actions_avail')
      return { isThere: actions?.includes('errno') ?? false, found: actions?.trim() ?? 'not in this kernel' }
    },
  },
  {
    what: 'overlayfs',
    isNeeded: false,
    without: 'unpacked images cannot be shared by containers',
    remedy: 'modprobe overlay',
    probe: async ({ machine }) => {
      const isThere = (await machine.read('/proc/filesystems'))?.includes('\toverlay\n') ?? false
      return { isThere, found: isThere ? 'in this kernel' : 'not loaded' }
    },
  },
  {
    what: 'KSM',
    isNeeded: false,
    without: 'equal pages of containers are not merged',
    remedy: 'Use a kernel with CONFIG_KSM',
    probe: async ({ machine }) => {
      const run = await machine.read('/sys/kernel/mm/ksm/run')
      return { isThere: run !== undefined, found: run === undefined ? 'not in this kernel' : `run is ${run.trim()}` }
    },
  },
  {
    what: 'PSI',
    isNeeded: false,
    without: 'pressure on memory is not seen before it hurts',
    remedy: 'Start the kernel with psi=1',
    probe: async ({ machine }) => {
      const pressure = await machine.read('/proc/pressure/memory')
      return { isThere: pressure !== undefined, found: pressure?.split('\n')[0] ?? 'off or not in this kernel' }
    },
  },
]

async function cgroups({ machine }: Patient): Promise<Finding> {
  const mounts = readCgroupMounts((await machine.read('/proc/self/mountinfo')) ?? '')
  const version = cgroupVersion(mounts)
  const ofV2 = (await machine.read('/sys/fs/cgroup/cgroup.controllers'))?.trim().split(' ') ?? []
  const known = version === 'v2' ? ofV2 : [...mounts.keys()]
  const missing = ['memory', 'pids', 'cpu'].filter((controller) => !known.includes(controller))
  const isThere = version !== 'none' && missing.length === 0
  return { isThere, found: isThere ? version : `${version}, without ${missing.join(', ')}` }
}
