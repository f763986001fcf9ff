import { expect } from 'chai'
import { diagnose } from '../../../../deploy/cli/doctor/doctor.ts'
import type { Machine } from '../../../../deploy/cli/doctor/machine.ts'
import { kernelThings } from '../../../../deploy/cli/doctor/things-kernel.ts'
import { programThings } from '../../../../deploy/cli/doctor/things-programs.ts'
import { serviceThings } from '../../../../deploy/cli/doctor/things-services.ts'
import { toRun, toTest } from '../../../../deploy/setup/needs.mjs'
import { readConfig } from '../../../../invoker/config/read-config.ts'
import { aMachine } from '../../../support/a-machine.ts'

const config = readConfig({}, { mode: 'standalone' })

async function missingOn(machine: Machine): Promise<string[]> {
  const diagnoses = await diagnose([...kernelThings, ...programThings], {
    machine,
    config,
    root: '/',
    toolsDirectory: '/tools',
  })
  return diagnoses.filter(({ isThere }) => !isThere).map(({ what, found }) => `${what}: ${found}`)
}

describe('the things that the doctor looks at', () => {
  it('are all there on a good machine', async () => {
    expect(await missingOn(aMachine())).to.deep.equal([])
  })

  it('are missed one by one where files say so', async () => {
    const files = {
      '/proc/sys/kernel/osrelease': '4.19.0',
      '/proc/sys/kernel/seccomp/actions_avail': undefined,
      '/proc/filesystems': 'nodev\ttmpfs\n',
      '/sys/fs/cgroup/cgroup.controllers': 'cpu io\n',
      '/sys/kernel/mm/ksm/run': undefined,
      '/proc/pressure/memory': undefined,
    }
    expect(await missingOn(aMachine({ files }))).to.deep.equal([
      'Linux: 4.19.0',
      'cgroups: v2, without memory, pids',
      'seccomp: not in this kernel',
      'overlayfs: not loaded',
      'KSM: not in this kernel',
      'PSI: off or not in this kernel',
    ])
  })

  it('take control groups of version 1 as well', async () => {
    const mounts = ['memory', 'pids', 'cpu'].map(
      (name) => `1 1 0:1 / /sys/fs/cgroup/${name} rw - cgroup cgroup rw,${name}`,
    )
    expect(await missingOn(aMachine({ files: { '/proc/self/mountinfo': mounts.join('\n') } }))).to.deep.equal([])
    const some = { '/proc/self/mountinfo': mounts.slice(1).join('\n') }
    expect(await missingOn(aMachine({ files: some }))).to.deep.equal(['cgroups: v1, without memory'])
    expect(await missingOn(aMachine({ files: { '/proc/self/mountinfo': '' } }))).to.deep.equal([
      'cgroups: none, without memory, pids, cpu',
    ])
  })

  it('miss programs that are not there, and those that are too old', async () => {
    const versions = { runc: 'runc version 1.0.3', catatonit: undefined, java: 'openjdk version "11.0.2"' }
    expect(await missingOn(aMachine({ versions }))).to.deep.equal([
      'runc: runc version 1.0.3: 1.1 or newer is needed',
      'catatonit: not found',
      'Java: openjdk version "11.0.2": 17 or newer is needed',
    ])
  })

  it('want a newer CRIU than some systems have, and take the one that was unpacked', async () => {
    const old = { criu: 'Version: 3.17.1' }
    expect(await missingOn(aMachine({ versions: old }))).to.deep.equal([
      'CRIU: Version: 3.17.1 (criu): 4.1 or newer is needed',
    ])
    const unpacked = { ...old, '/tools/criu/criu': 'Version: 4.1.1' }
    expect(await missingOn(aMachine({ versions: unpacked }))).to.deep.equal([])
    expect(await missingOn(aMachine({ versions: { criu: undefined } }))).to.deep.equal(['CRIU: not found'])
  })

  it('say which CRIU is used', async () => {
    const machine = aMachine({ versions: { '/tools/criu/criu': 'Version: 4.1.1' } })
    const diagnoses = await diagnose(programThings, { machine, config, root: '/', toolsDirectory: '/tools' })
    expect(diagnoses.find(({ what }) => what === 'CRIU')?.found).to.equal('Version: 4.1.1 (/tools/criu/criu)')
  })

  it('want root, namespaces and a new Node.js', async () => {
    const machine = { uid: 1000, nodeVersion: '18.1.0', exists: async (file: string) => !file.endsWith('/net') }
    expect(await missingOn(aMachine({ machine }))).to.deep.equal([
      'root rights: user 1000',
      'namespaces: no net',
      'Node.js: 18.1.0',
    ])
  })

  it('say for each what is lost without it, and what to do', () => {
    for (const thing of [...kernelThings, ...programThings]) {
      expect(thing.without, thing.what).to.match(/./)
      expect(thing.remedy, thing.what).to.match(/./)
    }
  })
})

describe('the remedies', () => {
  it('install the packages that preparing installs', () => {
    const remedies = Object.fromEntries(programThings.map(({ what, remedy }) => [what, remedy]))
    for (const { what, packages } of [...toRun, ...toTest]) {
      const remedy = remedies[what === 'Python 3' ? 'Python' : what]
      if (remedy !== undefined) expect(remedy, what).to.contain(` ${packages[0]}`)
    }
  })
})

describe('the services that the doctor looks at', () => {
  it('are those that are configured', () => {
    expect(serviceThings(config)).to.deep.equal([])
  })

  it('are asked for where they are, CouchDB with its user', async () => {
    const env = {
      KAFKA_HOSTS: 'kafka0:9092,[::1]:9093',
      CONFIG_whisk_couchdb_host: 'couch',
      CONFIG_whisk_couchdb_username: 'u',
      CONFIG_whisk_couchdb_password: 'p',
    }
    const configured = readConfig(env, { mode: 'standalone' })
    const asked: string[] = []
    const machine = aMachine({
      machine: {
        refusal: async (host, port) => {
          asked.push(`${host} ${port}`)
          return host === '::1' ? 'ECONNREFUSED' : undefined
        },
        failure: async (url, headers) => {
          asked.push(`${url} ${headers.authorization}`)
          return 'it answers 401'
        },
      },
    })
    const diagnoses = await diagnose(serviceThings(configured), {
      machine,
      config: configured,
      root: '/',
      toolsDirectory: '/tools',
    })
    expect(asked).to.deep.equal(['kafka0 9092', '::1 9093', 'http://couch:5984/whisk_local_whisks Basic dTpw'])
    expect(diagnoses.map(({ what, isThere, found }) => [what, isThere, found])).to.deep.equal([
      ['Kafka at kafka0:9092', true, 'listens'],
      ['Kafka at [::1]:9093', false, 'ECONNREFUSED'],
      ['CouchDB', false, 'http://couch:5984/whisk_local_whisks: it answers 401'],
    ])
  })
})
