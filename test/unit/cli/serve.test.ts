import { EventEmitter } from 'node:events'
import { expect } from 'chai'
import { serve } from '../../../deploy/cli/serve.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'

/** A server that notes what is done to it. */
function aServer() {
  const graces: number[] = []
  const ended = deferred()
  return {
    graces,
    ended,
    running: { ended: ended.promise, stop: async (graceMs: number) => void graces.push(graceMs) },
  }
}

describe('serve()', () => {
  it('stops the server on Ctrl-C and on SIGTERM, with the time that it may take', async () => {
    for (const name of ['SIGINT', 'SIGTERM']) {
      const signals = new EventEmitter()
      const { running, graces } = aServer()
      const served = serve(async () => running, { graceMs: 123, signals })
      signals.emit(name)
      expect(await served).to.equal(0)
      expect(graces).to.deep.equal([123])
      expect(signals.eventNames()).to.deep.equal([])
    }
  })

  it('stops a server as soon as it has started when the signal came before', async () => {
    const signals = new EventEmitter()
    const started = deferred()
    const { running, graces } = aServer()
    const served = serve(() => started.promise.then(() => running), { graceMs: 1, signals })
    signals.emit('SIGTERM')
    expect(graces).to.deep.equal([])
    started.resolve()
    expect(await served).to.equal(0)
    expect(graces).to.deep.equal([1])
  })

  it('gives 1 when the server ended by itself, and stops what is left of it', async () => {
    const { running, graces, ended } = aServer()
    const served = serve(async () => running, { graceMs: 1, signals: new EventEmitter() })
    ended.resolve()
    expect(await served).to.equal(1)
    expect(graces).to.deep.equal([1])
  })

  it('fails as the start fails, and listens no more', async () => {
    const signals = new EventEmitter()
    const failure = new Error('no port')
    const served = serve(() => Promise.reject(failure), { graceMs: 1, signals })
    expect(await served.catch((error: unknown) => error)).to.equal(failure)
    expect(signals.eventNames()).to.deep.equal([])
  })
})
