import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type GroupMount, GroupMoves, groupMount } from '../../../../invoker/adapters/runc/group-moves.ts'
import { aLog } from '../../../support/a-log.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

// Recorded on Debian 12 as it is installed.
const v2 =
  '29 24 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n'
const options = ['rw', 'nosuid', 'nodev', 'noexec', 'relatime', 'nsdelegate', 'memory_recursiveprot']

describe('groupMount()', () => {
  it('finds v2 with all its options, and nothing on a host without it', () => {
    expect(groupMount(v2)).to.deep.equal({ target: '/sys/fs/cgroup', options })
    expect(groupMount('32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n')).to.equal(undefined)
  })
})

describe('GroupMoves', () => {
  let root: TempDirectory
  let mounted: GroupMount[]
  let log: ReturnType<typeof aLog>
  beforeEach(async () => {
    root = await tempDirectory()
    mounted = []
    log = aLog()
    writeFileSync(join(root.path, 'mountinfo'), v2)
  })
  afterEach(() => root.remove())

  const invoker = (instance: string, refuses = false): GroupMoves =>
    new GroupMoves({
      folder: join(root.path, 'moves'),
      instance,
      log,
      mountinfo: join(root.path, 'mountinfo'),
      async remount(mount) {
        if (refuses) throw new Error('EINVAL')
        mounted.push(mount)
        const flags = mount.options.filter((option) => option === 'favordynmods').join()
        writeFileSync(
          join(root.path, 'mountinfo'),
          v2.replace('nsdelegate', ['nsdelegate', flags].filter(Boolean).join()),
        )
      },
    })

  it('adds an option to those of the mount, and puts it back', async () => {
    const one = invoker('wsk0')
    await one.acquire()
    await one.release()
    await one.release()
    expect(mounted.map((mount) => mount.options)).to.deep.equal([[...options, 'favordynmods'], options])
    expect(readdirSync(root.path)).to.deep.equal(['mountinfo'])
  })

  it('is put back by the last invoker of the host', async () => {
    const [one, other] = [invoker('wsk0'), invoker('wsk1')]
    await one.acquire()
    await other.acquire()
    await one.release()
    expect(mounted.length).to.equal(1)
    await other.release()
    expect(mounted.map((mount) => mount.options.includes('favordynmods'))).to.deep.equal([true, false])
  })

  it('leaves alone what was so before', async () => {
    writeFileSync(join(root.path, 'mountinfo'), v2.replace('nsdelegate', 'nsdelegate,favordynmods'))
    const one = invoker('wsk0')
    await one.acquire()
    await one.release()
    expect(mounted).to.deep.equal([])
  })

  it('copes with a kernel that does not know it, and says so', async () => {
    const one = invoker('wsk0', true)
    await one.acquire()
    await one.release()
    expect(log.lines.map(({ level }) => level)).to.deep.equal(['info'])
    expect(readdirSync(root.path)).to.deep.equal(['mountinfo'])
  })
})
