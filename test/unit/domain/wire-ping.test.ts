import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { writePing } from '../../../invoker/domain/wire-ping.ts'

describe('writePing()', () => {
  it('writes the ping that the real invoker sent', () => {
    const recorded = readFileSync(new URL('../../support/recorded/kafka/health.ping.json', import.meta.url), 'utf8')
    const ping = writePing(
      {
        instance: 0,
        userMemory: '1073741824 B',
        instanceType: 'invoker',
        tags: [],
        dedicatedNamespaces: [],
        uniqueName: 'real0',
      },
      true,
    )
    expect(JSON.parse(ping)).to.deep.equal(JSON.parse(recorded))
  })
})
