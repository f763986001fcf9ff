import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { FileControlGroup } from '../../../../invoker/adapters/kernel/control-group.ts'
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
})
