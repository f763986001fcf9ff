import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchStore } from '../lib/bench-store.ts'
import { type Product, startProduct } from '../lib/product.ts'
import { type Program, startProgram } from '../lib/program.ts'
import type { Sockets } from '../lib/sockets.ts'

/** Where both sides work. */
export interface Site {
  /** Address of the broker. */
  readonly hosts: string
  readonly store: BenchStore
  /** A folder that is removed afterwards. */
  readonly folder: string
}

/** The topics of the two invokers. */
export const topics = { product: 'invoker0', floor: 'invoker1' } as const

/** Starts the product's invoker as an operator does: by its command, with the variables of an OpenWhisk deployment. */
export async function startInvoker({ hosts, store, folder }: Site): Promise<Product> {
  const { url, databases } = store
  return startProduct({
    words: ['invoker', '--id', '0', '--uniqueName', `bench${process.pid}`],
    folder,
    env: {
      PORT: '0',
      KAFKA_HOSTS: hosts,
      RUNTIMES_MANIFEST: await readFile('runtimes/runtimes.json', 'utf8'),
      WHISK_API_HOST_NAME: 'localhost',
      CONFIG_whisk_containerPool_userMemory: '4096m',
      CONFIG_whisk_couchdb_protocol: url.protocol.slice(0, -1),
      CONFIG_whisk_couchdb_host: url.hostname,
      CONFIG_whisk_couchdb_port: url.port || (url.protocol === 'https:' ? '443' : '80'),
      CONFIG_whisk_couchdb_username: decodeURIComponent(url.username),
      CONFIG_whisk_couchdb_password: decodeURIComponent(url.password),
      CONFIG_whisk_couchdb_databases_WhiskAuth: databases.subjects,
      CONFIG_whisk_couchdb_databases_WhiskEntity: databases.whisks,
      CONFIG_whisk_couchdb_databases_WhiskActivation: databases.activations,
      WARMWHISK_JOURNAL_DIR: join(folder, 'journal'),
    },
  })
}

/** Starts the floor program on containers that are already there. */
export function startFloor({ hosts, store }: Site, sockets: Sockets): Promise<Program<unknown>> {
  const activations = new URL(`/${store.databases.activations}`, store.url).href
  return startProgram('floor', { hosts, topic: topics.floor, activations, sockets })
}
