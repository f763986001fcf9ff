import { expect } from 'chai'
import {
  cgroupFeatures,
  cgroupVersion,
  readCgroupMounts,
  readKey,
  readMembership,
} from '../../../../invoker/adapters/kernel/cgroup-files.ts'

// Recorded on a host with v1 controllers and v2 beside them.
const hybridMounts = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:10 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`
// Recorded on Debian 12 as it is installed.
const v2Mounts = `24 30 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
29 24 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
`
const hybridMembership = `8:pids:/warmwhisk-wsk0/a
4:memory:/warmwhisk-wsk0/a
2:cpu,cpuacct:/warmwhisk-wsk0/a
1:name=systemd:/warmwhisk-wsk0/a
0::/warmwhisk-wsk0/a
`
const memoryEvents = 'low 0\nhigh 0\nmax 37\noom 2\noom_kill 1\noom_group_kill 0\n'
const oomControl = 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n'

describe('readCgroupMounts()', () => {
  it('finds each controller of v1, joint ones too, and v2 beside them', () => {
    const mounts = readCgroupMounts(hybridMounts)
    expect(mounts.get('memory')).to.equal('/sys/fs/cgroup/memory')
    expect(mounts.get('cpu')).to.equal('/sys/fs/cgroup/cpu,cpuacct')
    expect(mounts.get('name=systemd')).to.equal('/sys/fs/cgroup/systemd')
    expect(mounts.get('')).to.equal('/sys/fs/cgroup/unified')
  })

  it('finds v2 alone', () => {
    expect(readCgroupMounts(v2Mounts)).to.deep.equal(new Map([['', '/sys/fs/cgroup']]))
  })
})

describe('cgroupVersion()', () => {
  it('tells the four cases apart', () => {
    const v1 = hybridMounts.split('\n').slice(0, -2).join('\n')
    const versions = [v1, hybridMounts, v2Mounts, ''].map((text) => cgroupVersion(readCgroupMounts(text)))
    expect(versions).to.deep.equal(['v1', 'hybrid', 'v2', 'none'])
  })
})

describe('cgroupFeatures()', () => {
  it('sees whether v1 was started with limits for swap', () => {
    const mounts = readCgroupMounts(hybridMounts)
    expect(cgroupFeatures(mounts, () => false)).to.deep.equal({ limitSwap: false, killGroup: false })
    expect(
      cgroupFeatures(mounts, (path) => path === '/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes').limitSwap,
    ).to.equal(true)
  })

  it('expects both of v2', () => {
    expect(cgroupFeatures(readCgroupMounts(v2Mounts))).to.deep.equal({ limitSwap: true, killGroup: true })
  })
})

describe('readMembership()', () => {
  it('gives the path of each controller', () => {
    const paths = readMembership(hybridMembership)
    expect([...paths.keys()]).to.deep.equal(['pids', 'memory', 'cpu', 'cpuacct', 'name=systemd', ''])
    expect(new Set(paths.values())).to.deep.equal(new Set(['/warmwhisk-wsk0/a']))
  })

  it('gives the one path of v2, with colons in it', () => {
    expect(readMembership('0::/system.slice/a:b.service\n').get('')).to.equal('/system.slice/a:b.service')
  })
})

describe('readKey()', () => {
  it('reads the kills of both versions', () => {
    expect([readKey(memoryEvents, 'oom_kill'), readKey(oomControl, 'oom_kill')]).to.deep.equal([1, 3])
  })

  it('takes what is not there for 0', () => {
    expect(readKey('', 'oom_kill')).to.equal(0)
  })
})
