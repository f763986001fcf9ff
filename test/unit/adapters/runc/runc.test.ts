import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect } from 'chai'
import { containerConfig, hostBinds, processConfig } from '../../../../invoker/adapters/runc/container-config.ts'
import { mountsBelow } from '../../../../invoker/adapters/runc/leftovers.ts'
import { defaultConfinement } from '../../../../invoker/adapters/runc/options.ts'
import { placesOf } from '../../../../invoker/adapters/runc/places.ts'
import { templateConfig } from '../../../../invoker/adapters/runc/template-config.ts'
import { aRuncFactory } from '../../../support/factories.ts'
import { faultOf } from '../../../support/fault-of.ts'
import { aSpec, tinyLaunch } from '../../../support/tiny-runtime.ts'

const seccompFolder = resolve(import.meta.dirname, '../../../../deploy/seccomp')

function configFor(
  memoryMb: number,
  cgroups = { limitSwap: true, killGroup: false },
): {
  readonly mounts: readonly { readonly destination: string; readonly options: string[] }[]
  readonly linux: { readonly resources: object; readonly namespaces: readonly object[] }
} {
  return containerConfig({
    spec: aSpec({ memoryMb, cpuShares: 512 }),
    launch: tinyLaunch,
    confinement: defaultConfinement,
    seccomp: {},
    cgroups,
    hostBinds: hostBinds(() => true),
    rootfs: '/r',
    bundle: '/b',
    netns: '/n',
    cgroup: '/c',
    hostname: 'h',
  }) as ReturnType<typeof configFor>
}

describe('containerConfig()', () => {
  it('limits memory without swap, processes, CPU and devices', () => {
    const bytes = 256 * 1024 * 1024
    expect(configFor(256).linux.resources).to.deep.equal({
      devices: [{ allow: false, access: 'rwm' }],
      memory: { limit: bytes, swap: bytes },
      cpu: { shares: 512 },
      pids: { limit: 1024 },
    })
  })

  it('leaves out what the control groups of a host cannot do, and uses what they can', () => {
    expect(configFor(256, { limitSwap: false, killGroup: true }).linux.resources).to.deep.include({
      memory: { limit: 256 * 1024 * 1024 },
      unified: { 'memory.oom.group': '1' },
    })
  })

  it('gives temporary directories at most half of the memory, so that a full one is an error and not a kill', () => {
    const sizeOf = (memoryMb: number): string[] =>
      configFor(memoryMb)
        .mounts.filter(({ destination }) => ['/tmp', '/work', '/dev/shm'].includes(destination))
        .flatMap(({ options }) => options.filter((option) => option.startsWith('size=')))
    const half = 'size=67108864'
    expect(sizeOf(128)).to.deep.equal([half, half, half])
    expect(new Set(sizeOf(4096))).to.deep.equal(new Set(['size=134217728']))
  })

  it('mounts everything of the host read-only', () => {
    for (const { destination, options } of configFor(256).mounts) {
      if (!['/proc', '/dev', '/dev/shm', '/tmp', '/work'].includes(destination))
        expect(options, destination).to.include('rro')
    }
  })
})

describe('processConfig()', () => {
  it('has no capability in any set and cannot get new ones', () => {
    const config = processConfig({ args: ['a'], env: { A: 'b=c' }, cwd: '/', confinement: defaultConfinement })
    expect(config).to.deep.include({
      noNewPrivileges: true,
      env: ['A=b=c'],
      capabilities: { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] },
    })
  })
})

describe('templateConfig()', () => {
  const config = templateConfig({
    spec: { name: 't', launch: tinyLaunch, memoryMb: 512, controlFd: 3 },
    confinement: defaultConfinement,
    cgroups: { limitSwap: true, killGroup: false },
    hostBinds: [],
    rootfs: '/r',
    bundle: '/b',
    cgroup: '/c',
    hostname: 'h',
  }) as {
    readonly process: { readonly capabilities: Record<string, string[]>; readonly noNewPrivileges: boolean }
    readonly root: object
    readonly linux: {
      readonly seccomp?: object
      readonly namespaces: { readonly type: string }[]
      readonly resources: object
    }
  }

  it('has three capabilities in each set, and no way to more', () => {
    const sets = Object.values(config.process.capabilities).map((set) => set.join(' '))
    expect([...new Set(sets)]).to.deep.equal(['CAP_SYS_ADMIN CAP_SYS_CHROOT CAP_SETPCAP'])
    expect([sets.length, config.process.noNewPrivileges]).to.deep.equal([5, true])
  })

  it('shares our processes, which its children are born among, and nothing else', () => {
    const types = config.linux.namespaces.map(({ type }) => type).sort()
    expect(types).to.deep.equal(['cgroup', 'ipc', 'mount', 'network', 'uts'])
    expect(config.root).to.deep.equal({ path: '/r', readonly: true })
  })

  it('has no filter, which its children would have beside their own', () => {
    expect(config.linux).to.not.have.property('seccomp')
  })

  it('limits memory, processes, and the CPU while it is built', () => {
    const bytes = 512 * 1024 * 1024
    expect(config.linux.resources).to.deep.include({
      memory: { limit: bytes, swap: bytes },
      cpu: { shares: 32 },
      pids: { limit: 64 },
    })
  })
})

describe('deploy/seccomp/profile.json', () => {
  it('is what derive.mjs makes of moby’s profile', () => {
    const derived = execFileSync(process.execPath, [`${seccompFolder}/derive.mjs`], { encoding: 'utf8' })
    expect(JSON.parse(readFileSync(`${seccompFolder}/profile.json`, 'utf8'))).to.deep.equal(JSON.parse(derived))
  })

  it('is refused when it would refuse nothing', async () => {
    const fault = await faultOf(aRuncFactory({ seccomp: {} }).start())
    expect(fault.code).to.equal('SETTINGS_WRONG')
  })
})

describe('mountsBelow()', () => {
  it('finds what is mounted below a directory, the innermost first, and nothing beside it', () => {
    const mountinfo = ['/run/warmwhisk/wsk0/net/2', '/run/warmwhisk/wsk0/net/2/x', '/run/warmwhisk/wsk00/net/2', '/usr']
      .map((target, index) => `${index} 1 0:4 / ${target} rw - nsfs nsfs rw`)
      .join('\n')
    expect(mountsBelow(mountinfo, '/run/warmwhisk/wsk0')).to.deep.equal([
      '/run/warmwhisk/wsk0/net/2/x',
      '/run/warmwhisk/wsk0/net/2',
    ])
  })
})

describe('placesOf()', () => {
  it('gives two instances nothing in common but what is shared on purpose', () => {
    const [one, other] = [placesOf('/run/w', 'wsk0'), placesOf('/run/w', 'wsk1')]
    const shared = Object.entries(one).filter(([key, value]) => other[key as keyof typeof other] === value)
    expect(shared).to.deep.equal([
      ['forwarding', '/run/w/forwarding'],
      ['groupMoves', '/run/w/group-moves'],
    ])
  })
})

describe('a container name', () => {
  it('that could leave its directory is refused', async () => {
    for (const name of ['../x', 'a/b', '', '.hidden', 'x'.repeat(201)]) {
      const fault = await faultOf(aRuncFactory().create(aSpec({ name }), new AbortController().signal))
      expect(fault.message, name).to.contain('cannot be one of runc')
    }
  })
})
