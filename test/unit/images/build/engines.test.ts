import { expect } from 'chai'
import { Engines } from '../../../../invoker/images/build/engines.ts'
import { deferred } from '../../../../invoker/lib/deferred.ts'
import { aLog } from '../../../support/a-log.ts'
import { FakeImageEngine } from '../../../support/fake-image-engine.ts'
import { faultOf } from '../../../support/fault-of.ts'

describe('Engines', () => {
  let fork: FakeImageEngine
  let criu: FakeImageEngine

  beforeEach(() => {
    fork = new FakeImageEngine()
    criu = new FakeImageEngine({ name: 'criu', family: 'nodejs' })
  })

  it('uses each as soon as it is known to work, and waits for one that is needed', async () => {
    const answer = deferred<string | undefined>()
    criu.behaviour.unavailable = answer.promise
    const both = new Engines({ engines: [fork, criu], log: aLog() })
    expect(both.of('python:3')).to.equal(undefined)
    const ready: string[] = []
    const probing = both.probe(async () => {
      ready.push(both.of('nodejs:20') === undefined ? 'one' : 'both')
    })
    expect(await both.needed('python:3')).to.equal(fork)
    const needed = both.needed('nodejs:20')
    answer.resolve(undefined)
    expect(await needed).to.equal(criu)
    await probing
    expect(ready).to.deep.equal(['one', 'both'])
  })

  it('says why one does not work, and goes on without', async () => {
    const log = aLog()
    fork.behaviour.unavailable = 'it is too old'
    criu.behaviour.unavailable = Promise.reject(new Error('no answer'))
    const engines = new Engines({ engines: [fork, criu], log })
    await engines.probe(async () => undefined)
    for (const kind of ['python:3', 'nodejs:20', 'cobol:1']) {
      expect((await faultOf(engines.needed(kind))).code).to.equal('KIND_UNAVAILABLE')
    }
    expect(log.lines.map(({ event }) => event)).to.have.members([
      'image engine unavailable',
      'image engine cannot be asked',
    ])
  })
})
