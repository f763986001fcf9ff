import { randomUUID } from 'node:crypto'
import { CouchStore } from '../../invoker/adapters/couch/couch-store.ts'
import { openPouchDatabases } from '../../invoker/adapters/pouch/pouch-databases.ts'
import { couchPeer } from '../support/couch-peer.ts'
import { tempDirectory } from '../support/temp-directory.ts'
import { documentsContract, type StoreUnderTest } from './documents.contract.ts'

const patience = { timeoutMs: 60_000 }

documentsContract('PouchStore', async () => {
  const directory = await tempDirectory()
  const databases = await openPouchDatabases({ directory: directory.path })
  return {
    store: databases.whisks,
    close: async () => {
      await databases.stop(AbortSignal.timeout(5000))
      await directory.remove()
    },
  }
})

documentsContract('CouchStore over express-pouchdb', async () => overHttp((await couchPeer()).url))

const real = process.env.COUCHDB_URL
if (real !== undefined) documentsContract('CouchStore over CouchDB', () => overHttp(real))

async function overHttp(address: string): Promise<StoreUnderTest> {
  const { username, password, ...url } = credentialsApart(address)
  const database = `warmwhisk-contract-${randomUUID()}`
  const store = new CouchStore({ ...url, database, username, password, ...patience })
  await store.ensureDatabase()
  return {
    store,
    close: async () => {
      await fetch(new URL(database, url.url), { method: 'DELETE', headers: basic(username, password) })
      await store.stop(AbortSignal.timeout(5000))
    },
  }
}

function credentialsApart(address: string): {
  readonly url: string
  readonly username: string
  readonly password: string
} {
  const url = new URL(address)
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  url.username = ''
  url.password = ''
  return { url: url.href, username, password }
}

function basic(username: string, password: string): Record<string, string> {
  if (username === '') return {}
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}
