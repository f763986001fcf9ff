import { randomUUID } from 'node:crypto'
import { CouchStore } from '../../invoker/adapters/couch/couch-store.ts'
import { couchPeer } from '../support/couch-peer.ts'
import { pouchDirectory } from '../support/pouch-directory.ts'
import { catalogContract } from './catalog.contract.ts'

catalogContract('PouchStore', async () => {
  const { databases, stop } = await pouchDirectory()
  return { open: async () => databases.images, close: stop }
})

// No database is made for it: that is the catalog's own business.
catalogContract('CouchStore over express-pouchdb', async () => {
  const { url } = await couchPeer()
  const database = `dependency-images-${randomUUID()}`
  const stores: CouchStore[] = []
  return {
    open: async () => {
      const store = new CouchStore({ url, database, timeoutMs: 60_000 })
      stores.push(store)
      return store
    },
    close: async () => {
      await fetch(new URL(database, url), { method: 'DELETE' })
      for (const store of stores) await store.stop(AbortSignal.timeout(5000))
    },
  }
})
