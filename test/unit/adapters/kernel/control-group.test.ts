import { closeSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { FileControlGroup } from '../../../../invoker/adapters/kernel/control-group.ts'
import { weightOfShares } from '../../../../invoker/adapters/kernel/resize-group.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

describe('a FileControlGroup', () => {
  let root: TempDirectory
  beforeEach(async () => {
    root = await tempDirectory()
  })
  afterEach(() => root.remove())

  function group(hierarchies: Readonly<Record<string, Readonly<Record<string, string>>>>): FileControlGroup {
    const mounts = new Map<string, string>()
    let membership = ''
    for (const [controller, files] of Object.entries(hierarchies)) {
      const mount = join(root.path, controller || 'unified')
      mkdirSync(join(mount, 'g'), { recursive: true })
      for (const [name, text] of Object.entries(files)) writeFileSync(join(mount, 'g', name), text)
      mounts.set(controller, mount)
      membership += `1:${controller}:/g\n`
    }
    return new FileControlGroup(mounts, membership)
  }
  const read = (path: string): string => readFileSync(join(root.path, path), 'utf8')

  it('reads memory and kills of v1', () => {
    const v1 = group({ memory: { 'memory.oom_control': 'oom_kill 2\n', 'memory.usage_in_bytes': '4096\n' }, '': {} })
    expect([v1.oomKills(), v1.memoryBytes()]).to.deep.equal([2, 4096])
  })

  it('reads memory and kills of v2', () => {
    const v2 = group({ '': { 'memory.events': 'oom_kill 1\n', 'memory.current': '8192\n' } })
    expect([v2.oomKills(), v2.memoryBytes()]).to.deep.equal([1, 8192])
  })

  it('takes a group that is gone for an empty one', () => {
    const gone = group({ memory: {} })
    expect([gone.oomKills(), gone.memoryBytes()]).to.deep.equal([0, 0])
  })

  it('freezes and thaws by v1’s freezer where there is one', async () => {
    const v1 = group({ freezer: { 'freezer.state': 'THAWED\n' }, '': { 'cgroup.freeze': '0' } })
    await v1.freeze()
    expect(read('freezer/g/freezer.state')).to.equal('FROZEN')
    await v1.thaw()
    expect(read('freezer/g/freezer.state')).to.equal('THAWED')
    expect(read('unified/g/cgroup.freeze')).to.equal('0')
  })

  it('freezes by v2, and waits until the kernel says so', async () => {
    const v2 = group({ '': { 'cgroup.freeze': '0', 'cgroup.events': 'populated 1\nfrozen 0\n' } })
    const frozen = v2.freeze()
    writeFileSync(join(root.path, 'unified/g/cgroup.events'), 'populated 1\nfrozen 1\n')
    await frozen
    expect(read('unified/g/cgroup.freeze')).to.equal('1')
  })

  it('names each directory once', () => {
    expect(group({ memory: {}, pids: {} }).paths).to.deep.equal([
      join(root.path, 'memory/g'),
      join(root.path, 'pids/g'),
    ])
  })

  it('says that nothing can be frozen where no freezer is mounted', async () => {
    const error = await group({ memory: {} }).freeze().catch(String)
    expect(error).to.contain('no freezer is mounted')
  })

  describe('resize()', () => {
    const limits = (bytes: number): Record<string, string> => ({
      'memory.limit_in_bytes': `${bytes}`,
      'memory.memsw.limit_in_bytes': `${bytes}`,
    })
    const mb = 1024 * 1024

    it('sets memory with and without swap, and shares, of v1', () => {
      const v1 = group({ memory: limits(256 * mb), cpu: { 'cpu.shares': '256' }, '': {} })
      v1.resize({ memoryMb: 512, cpuShares: 1024 })
      const now = ['memory/g/memory.limit_in_bytes', 'memory/g/memory.memsw.limit_in_bytes', 'cpu/g/cpu.shares']
      expect(now.map(read)).to.deep.equal([`${512 * mb}`, `${512 * mb}`, '1024'])
    })

    it('leaves out the limit with swap where v1 has none', () => {
      const v1 = group({ memory: { 'memory.limit_in_bytes': '1' }, cpu: {} })
      v1.resize({ memoryMb: 1, cpuShares: 2 })
      expect(existsSync(join(root.path, 'memory/g/memory.memsw.limit_in_bytes'))).to.equal(false)
    })

    it('sets memory and a weight of v2', () => {
      const v2 = group({ '': {} })
      v2.resize({ memoryMb: 512, cpuShares: 1024 })
      expect([read('unified/g/memory.max'), read('unified/g/cpu.weight')]).to.deep.equal([`${512 * mb}`, '39'])
    })
  })

  describe('openProcs()', () => {
    it('opens the file of each group of the container, for writing', () => {
      const opened = group({ memory: { 'cgroup.procs': '' }, pids: { 'cgroup.procs': '' } }).openProcs()
      for (const fd of opened) {
        writeSync(fd, '0')
        closeSync(fd)
      }
      expect([read('memory/g/cgroup.procs'), read('pids/g/cgroup.procs')]).to.deep.equal(['0', '0'])
    })

    it('leaves out the root of a hierarchy, which is nobody’s own', () => {
      const mounts = new Map([['memory', root.path]])
      expect(new FileControlGroup(mounts, '1:memory:/\n').openProcs()).to.deep.equal([])
    })

    it('leaves nothing open when one is missing', () => {
      const before = readdirSync('/proc/self/fd').length
      expect(() => group({ memory: { 'cgroup.procs': '' }, pids: {} }).openProcs()).to.throw('ENOENT')
      expect(readdirSync('/proc/self/fd').length).to.equal(before)
    })
  })
})

describe('weightOfShares()', () => {
  it('maps the whole range, and never leaves it', () => {
    expect([0, 2, 1024, 262_144, 1e9].map(weightOfShares)).to.deep.equal([1, 1, 39, 10_000, 10_000])
  })
})
