import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { CouchStore } from '../../../invoker/adapters/couch/couch-store.ts'
import { RecordStore } from '../../bench/floor/record-store.ts'
import { prepareStore } from '../../bench/lib/bench-store.ts'
import { CouchSink } from '../../bench/sink/couch.ts'

describe('the stub store', () => {
  const sink = new CouchSink()
  let server: Server
  let url: string

  before(async () => {
    server = createServer(sink.listener)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })

  async function withStore<T>(database: string, work: (store: CouchStore) => Promise<T>): Promise<T> {
    const store = new CouchStore({ url, database })
    try {
      return await work(store)
    } finally {
      await store.stop(AbortSignal.timeout(1000))
    }
  }

  it('gives the product the actions that a benchmark has put there', async () => {
    const { databases, revisions } = await prepareStore(url)
    const action = await withStore(databases.whisks, (store) => store.get('guest/bench-python'))
    expect(action).to.deep.include({ name: 'bench-python', _rev: revisions.get('bench-python') })
    expect(await withStore(databases.whisks, (store) => store.get('guest/none'))).to.equal(undefined)
  })

  it('answers every view with no rows, also when asked by POST', async () => {
    const rows = await withStore('subjects', async (store) => [
      ...(await store.view('namespaceThrottlings', 'blockedNamespaces', { startKey: ['a'] })),
      ...(await store.view('subjects', 'identities', { keys: ['a'] })),
    ])
    expect(rows).to.deep.equal([])
  })

  it('takes design documents', async () => {
    const design = { name: 'subjects.v2', views: { some: { map: 'function (doc) {}' } } }
    await withStore('subjects', (store) => store.ensureDesign(design))
    const stored = await withStore('subjects', (store) => store.get('_design/subjects.v2'))
    expect(stored).to.deep.include({ views: design.views })
  })

  it("counts records, the product's in bulk and the floor's one by one", async () => {
    const before = sink.records
    const record = { _id: 'guest/a', activationId: 'a' }
    const stored = await withStore('activations', (store) => store.bulk([record, { ...record, _id: 'guest/b' }]))
    expect(stored.map(({ id }) => id)).to.deep.equal(['guest/a', 'guest/b'])
    const records = new RecordStore(new URL(`${url}/activations`))
    await records.put('c', '{"activationId":"c"}')
    await records.close()
    expect(sink.records - before).to.equal(3)
  })
})
