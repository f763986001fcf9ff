import type { Machine } from '../../deploy/cli/doctor/machine.ts'

/** A machine as the doctor sees it: a good one, but for what is given. */
export function aMachine(
  given: {
    readonly files?: Readonly<Record<string, string | undefined>>
    readonly versions?: Readonly<Record<string, string | undefined>>
    readonly machine?: Partial<Machine>
  } = {},
): Machine {
  const files: Readonly<Record<string, string | undefined>> = {
    '/proc/sys/kernel/osrelease': '6.1.0-13-amd64\n',
    '/proc/sys/kernel/seccomp/actions_avail': 'kill_process trap errno trace log allow\n',
    '/proc/filesystems': 'nodev\ttmpfs\nnodev\toverlay\n\text4\n',
    '/proc/self/mountinfo': '35 24 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n',
    '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
    '/sys/kernel/mm/ksm/run': '0\n',
    '/proc/pressure/memory': 'some avg10=0.00\nfull avg10=0.00\n',
    ...given.files,
  }
  const versions: Readonly<Record<string, string | undefined>> = {
    runc: 'runc version 1.1.5+ds1',
    catatonit: 'tini version 0.1.7_catatonit',
    nft: 'nftables v1.0.6',
    ip: 'ip utility, iproute2-6.1.0',
    unshare: 'unshare from util-linux 2.38.1',
    '/usr/bin/python3': 'Python 3.11.2',
    criu: 'Version: 4.1.1',
    java: 'openjdk version "17.0.15"',
    ...given.versions,
  }
  return {
    uid: 0,
    nodeVersion: '20.20.2',
    read: async (file) => files[file],
    exists: async (file) => file.startsWith('/proc/self/ns/'),
    versionOf: async ([program = '']) => versions[program],
    refusal: async () => undefined,
    failure: async () => undefined,
    ...given.machine,
  }
}
