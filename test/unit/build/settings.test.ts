import { expect } from 'chai'
import { hostName, instanceOf, printableName } from '../../../invoker/build/instance.ts'
import { containerEnv, invokerSettings } from '../../../invoker/build/settings.ts'
import { readConfig } from '../../../invoker/config/read-config.ts'

const config = readConfig(
  {
    CONFIG_whisk_containerPool_userMemory: '2048m',
    CONFIG_whisk_containerProxy_timeouts_pauseGrace: '5s',
    CONFIG_whisk_activation_storeBlockingResultLevel: 'STORE_FAILURES',
    CONFIG_whisk_kafka_topics_prefix: 'test_',
    CONFIG_whisk_userEvents_enabled: 'true',
  },
  { mode: 'standalone', overrides: { 'invoker.uniqueName': { variable: '--uniqueName', value: 'node a/1' } } },
)

describe('invokerSettings()', () => {
  it('passes what an operator has set', () => {
    const settings = invokerSettings(config, { __OW_API_HOST: 'https://whisk:443' })
    expect(settings).to.include({
      userMemoryMb: 2048,
      pauseGraceMs: 5_000,
      storeBlockingResults: 'STORE_FAILURES',
      topicPrefix: 'test_',
      hasUserEvents: true,
    })
    expect(settings.invokerTopic).to.deep.equal({ retentionMs: 172_800_000, maxMessageBytes: 1_054_644, partitions: 1 })
    expect(settings.containerEnv).to.deep.equal({ __OW_API_HOST: 'https://whisk:443' })
  })
})

describe('containerEnv()', () => {
  it('takes values as given, and bare names from our environment where they are there', () => {
    const env = { TZ: 'UTC', SECRET: 'x' }
    expect(containerEnv('http://h:1', { extraEnv: ['A=b=c', 'TZ', 'MISSING'], env })).to.deep.equal({
      __OW_API_HOST: 'http://h:1',
      A: 'b=c',
      TZ: 'UTC',
    })
  })
})

describe('the names of an invoker', () => {
  it('announce its memory as a size, and everything that a controller requires', () => {
    expect(instanceOf(config)).to.deep.equal({
      instance: 0,
      userMemory: '2147483648 B',
      instanceType: 'invoker',
      tags: [],
      dedicatedNamespaces: [],
      uniqueName: 'node a/1',
    })
  })

  it('are printed without what is missing, and are safe on the host', () => {
    const instance = instanceOf(config)
    expect(printableName(instance)).to.equal('invoker0/node a/1')
    expect(hostName(instance)).to.equal('wsknodea10')
  })
})
