import { expect } from 'chai'
import { Breaker } from '../../invoker/adapters/breaker/breaker.ts'
import { withBreaker } from '../../invoker/adapters/breaker/breaker-store.ts'
import { CouchStore } from '../../invoker/adapters/couch/couch-store.ts'
import { type CouchPeer, startCouchPeer } from '../support/couch-peer.ts'
import { eventually } from '../support/eventually.ts'
import { FakeMeter } from '../support/fake-meter.ts'
import { faultOf } from '../support/fault-of.ts'

describe('A CouchDB that goes and comes', () => {
  let peer: CouchPeer

  before(async () => {
    peer = await startCouchPeer()
  })

  after(() => peer.stop())

  it('is an outage while it is away, at once after some failures, and works again when it is back', async () => {
    const options = { url: peer.url, database: 'whisks', timeoutMs: 5000 }
    const couch = new CouchStore({ ...options, retry: { tries: 2, firstDelayMs: 1, maxDelayMs: 2 } })
    const breaker = new Breaker({ name: 'couchdb', fault: 'STORE_UNAVAILABLE', meter: new FakeMeter(), resetMs: 50 })
    const store = withBreaker(couch, breaker)
    await couch.ensureDatabase()
    const revision = await store.put({ _id: 'guest/x' })

    await peer.stop()
    await eventually('the breaker is open', async () => {
      expect((await faultOf(store.get('guest/x'))).code).to.equal('STORE_UNAVAILABLE')
      return breaker.isOpen
    })
    const fault = await faultOf(store.put({ _id: 'guest/x', _rev: revision }))
    expect([fault.code, fault.isRetryable]).to.deep.equal(['STORE_UNAVAILABLE', true])

    peer = await startCouchPeer(peer.port)
    // It forgot everything: the document is not there, and neither is the database.
    await couch.ensureDatabase()
    await eventually('it answers again', async () =>
      store.get('guest/x').then(
        () => true,
        () => false,
      ),
    )
    expect(await store.put({ _id: 'guest/y' })).to.match(/^1-/)
    await breaker.stop()
    await store.stop(AbortSignal.timeout(1000))
  })

  it('lets writes wait for it that it never saw', async () => {
    const retry = { tries: 40, firstDelayMs: 50, maxDelayMs: 100 }
    const store = new CouchStore({ url: peer.url, database: 'patient', timeoutMs: 5000, retry })
    await store.ensureDatabase()
    const { port } = peer
    await peer.stop()
    const ensured = store.ensureDatabase().then(() => store.put({ _id: 'guest/z' }))
    peer = await startCouchPeer(port)
    expect(await ensured).to.match(/^1-/)
    await store.stop(AbortSignal.timeout(1000))
  })
})
