import { expect } from 'chai'
import { ContainerNames, cpuShares } from '../../../invoker/pool/naming.ts'

describe('ContainerNames', () => {
  it('names containers as OpenWhisk does, with one counter', () => {
    const names = new ContainerNames({ instance: 0, uniqueName: '0' })
    expect(names.forAction('guest', 'echo')).to.equal('wsk00_1_guest_echo')
    expect(names.forStem('nodejs:20')).to.equal('wsk00_2_prewarm_nodejs20')
  })

  it('leaves out what a name must not have', () => {
    const names = new ContainerNames({ instance: 3, uniqueName: 'a/b c.d-e' })
    expect(names.forAction('wh.isk@x', '../my action')).to.equal('wskabc.d-e3_1_whiskx_myaction')
  })
})

describe('cpuShares()', () => {
  const shares: readonly [number, number, number][] = [
    [256, 1024, 256],
    [384, 1024, 512],
    [1024, 1024, 1024],
    [2048, 1024, 1024],
    [128, 1_048_576, 2],
  ]
  for (const [memoryMb, userMemoryMb, wanted] of shares) {
    it(`gives ${wanted} to ${memoryMb} MB of ${userMemoryMb} MB`, () => {
      expect(cpuShares(memoryMb, userMemoryMb)).to.equal(wanted)
    })
  }
})
