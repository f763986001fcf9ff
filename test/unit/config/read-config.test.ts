import { expect } from 'chai'
import { readConfig } from '../../../invoker/config/read-config.ts'
import { isFault } from '../../../invoker/faults/fault.ts'

const deployment = {
  KAFKA_HOSTS: 'kafka0:9092,kafka1:9092',
  WHISK_API_HOST_NAME: 'api.example',
  RUNTIMES_MANIFEST: '{"runtimes":{}}',
  CONFIG_whisk_couchdb_host: 'couch',
  CONFIG_whisk_couchdb_username: 'whisk',
  CONFIG_whisk_couchdb_password: 'hidden-pass',
}
const id = { 'invoker.id': { variable: '--id', value: '3' } }

function problems(run: () => unknown): string[] {
  try {
    run()
  } catch (error) {
    if (isFault(error, 'SETTINGS_WRONG')) return error.message.split('\n').map((line) => line.trim())
    throw error
  }
  throw new Error('The configuration was accepted')
}

describe('readConfig()', () => {
  it('needs nothing in standalone', () => {
    const config = readConfig({}, { mode: 'standalone' })
    expect(config.api).to.include({ host: '127.0.0.1', port: 3233 })
    expect(config.pool).to.include({ userMemoryMb: 1024, idleContainerMs: 600_000, pauseGraceMs: 10_000 })
    expect(config.limits.timeout).to.deep.equal({ min: 100, max: 300_000, std: 60_000 })
    expect(config.notes).to.deep.equal([])
  })

  it('sizes a standalone server by its machine, unless it is told', () => {
    const sizes = (options: Parameters<typeof readConfig>[1], env = {}): number[] => {
      const { pool, images } = readConfig(env, options)
      return [pool.userMemoryMb, images.budgetMb]
    }
    expect(sizes({ mode: 'standalone', machineMb: 24_000 })).to.deep.equal([11_904, 2944])
    expect(sizes({ mode: 'standalone', machineMb: 1500 })).to.deep.equal([1024, 256])
    expect(sizes({ mode: 'standalone', machineMb: 500_000 })[1]).to.equal(8192)
    const told = { WARMWHISK_POOL_USER_MEMORY: '2g' }
    expect(sizes({ mode: 'standalone', machineMb: 24_000 }, told)[0]).to.equal(2048)
    expect(sizes({ mode: 'invoker', overrides: id, machineMb: 24_000 }, deployment)).to.deep.equal([1024, 1024])
  })

  it("takes a deployment's variables", () => {
    const config = readConfig(
      { ...deployment, CONFIG_whisk_containerPool_userMemory: '2048m', PORT: '12001', CONFIG_whisk_memory_max: '1g' },
      { mode: 'invoker', overrides: id },
    )
    expect(config.kafka.hosts).to.deep.equal(['kafka0:9092', 'kafka1:9092'])
    expect(config.couch).to.include({ host: 'couch', port: 5984, password: 'hidden-pass' })
    expect(config.pool.userMemoryMb).to.equal(2048)
    expect(config.invoker).to.include({ id: 3, port: 12001 })
    expect(config.limits.memory.max).to.equal(1024)
    expect(config.runtimes.manifest).to.deep.equal({ runtimes: {} })
  })

  it("prefers an option to our variable, and our variable to OpenWhisk's", () => {
    const env = { PORT: '1', WARMWHISK_INVOKER_PORT: '2' }
    const override = { 'invoker.port': { variable: '--port', value: '3' } }
    expect(readConfig({ PORT: '1' }, { mode: 'standalone' }).invoker.port).to.equal(1)
    expect(readConfig(env, { mode: 'standalone' }).invoker.port).to.equal(2)
    expect(readConfig(env, { mode: 'standalone', overrides: override }).invoker.port).to.equal(3)
  })

  it('takes the first of several keys of OpenWhisk', () => {
    const [one, other] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)].map((key) => key.toString('base64')) as [
      string,
      string,
    ]
    const env = { CONFIG_whisk_parameterStorage_aes128: one }
    expect(readConfig(env, { mode: 'standalone' }).parameterStorage.aes128).to.equal(one)
    const both = { ...env, 'CONFIG_whisk_parameterStorage_aes-128': other }
    expect(readConfig(both, { mode: 'standalone' }).parameterStorage.aes128).to.equal(other)
  })

  it('reports every problem at once, with the name, the value and what would be right', () => {
    const env = {
      ...deployment,
      PORT: 'high',
      CONFIG_whisk_containerPool_userMemory: '12',
      CONFIG_whisk_timeLimit_max: 'long',
    }
    expect(problems(() => readConfig(env, { mode: 'invoker', overrides: id }))).to.deep.equal([
      'Cannot start: 3 settings are wrong',
      'PORT: "high": expected a whole number from 0 to 65535',
      'CONFIG_whisk_containerPool_userMemory: "12": expected a whole number and a unit, such as "256 MB"',
      'CONFIG_whisk_timeLimit_max: "long": expected a number and a unit, such as "10 minutes", "60s" or "500 ms"',
    ])
  })

  it('names everything that an invoker needs and does not have', () => {
    expect(problems(() => readConfig({}, { mode: 'invoker' }))).to.deep.equal([
      'Cannot start: 5 settings are wrong',
      '--id or WARMWHISK_INVOKER_ID: not set: expected a whole number',
      'WHISK_API_HOST_NAME or WARMWHISK_WHISK_API_NAME: not set: expected a text',
      'KAFKA_HOSTS or WARMWHISK_KAFKA_HOSTS: not set: expected a list of host:port',
      'CONFIG_whisk_couchdb_host or WARMWHISK_COUCH_HOST: not set: expected a text',
      'RUNTIMES_MANIFEST or WARMWHISK_RUNTIMES_MANIFEST: not set: expected a JSON',
    ])
  })

  it('never shows a secret', () => {
    const env = { CONFIG_whisk_parameterStorage_aes128: 'bad key, but secret' }
    const lines = problems(() => readConfig(env, { mode: 'standalone' }))
    expect(lines.join()).to.contain('CONFIG_whisk_parameterStorage_aes128: (secret): expected 16 bytes in base64')
    expect(lines.join()).not.to.contain('bad key')
  })

  it('refuses a variable of ours that it does not know and names the nearest', () => {
    expect(problems(() => readConfig({ WARMWHISK_API_PROT: '1' }, { mode: 'standalone' }))[1]).to.equal(
      'WARMWHISK_API_PROT: no setting has this name: did you mean WARMWHISK_API_PORT?',
    )
  })

  it('notes what OpenWhisk knows and this invoker does not have, and what nobody knows', () => {
    const env = {
      OPENWHISK_CONFIG: 'whisk {}',
      ZOOKEEPER_HOSTS: 'zk:2181',
      CONFIG_whisk_docker_client_timeouts_rm: '1m',
      CONFIG_whisk_memmory_min: '128m',
    }
    expect(readConfig(env, { mode: 'standalone' }).notes).to.deep.equal([
      'Not read, set the variables of docs/configuration.md instead: OPENWHISK_CONFIG',
      'Known to OpenWhisk and without effect here: ZOOKEEPER_HOSTS, CONFIG_whisk_docker_client_timeouts_rm',
      'Unknown and without effect: CONFIG_whisk_memmory_min (did you mean CONFIG_whisk_memory_min?)',
    ])
  })

  it('checks settings against each other', () => {
    const env = {
      CONFIG_whisk_memory_min: '1g',
      WARMWHISK_INVOKER_PROTOCOL: 'https',
      WARMWHISK_KAFKA_HEARTBEAT_INTERVAL: '20s',
      WARMWHISK_PARAMETER_STORAGE_CURRENT: 'aes-256',
    }
    expect(problems(() => readConfig(env, { mode: 'standalone' })).slice(1)).to.deep.equal([
      'limits.memory: min 1024, std 256, max 512: expected min, std and max in rising order',
      'kafka.heartbeatIntervalMs: 20000 ms: expected at most half of kafka.sessionTimeoutMs (30000 ms)',
      'invoker.keystorePath: not set: expected a PKCS12 file, since invoker.protocol is https',
      'parameterStorage.aes256: not set: expected a key, since parameterStorage.current is aes-256',
    ])
  })

  it('is frozen throughout', () => {
    const config = readConfig({}, { mode: 'standalone' })
    expect([config, config.pool, config.limits.memory, config.kafka.hosts].every(Object.isFrozen)).to.equal(true)
  })
})
