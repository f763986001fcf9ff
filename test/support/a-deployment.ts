import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CouchStore } from '../../invoker/adapters/couch/couch-store.ts'
import type { KafkaMessaging } from '../../invoker/adapters/kafka/kafka-messaging.ts'
import type { ActivationMessage } from '../../invoker/domain/activation-message.ts'
import { isJsonObject, type Json, type JsonObject } from '../../invoker/domain/json.ts'
import type { StoredDocument } from '../../invoker/ports/documents.ts'
import { ensureDesigns } from '../../invoker/store/design/ensure.ts'
import { designNames } from '../../invoker/store/design/names.ts'
import { onTheWire } from './a-message.ts'
import { couchPeer } from './couch-peer.ts'
import { kafkaBroker } from './kafka.ts'
import { aKafkaMessaging } from './kafka-messaging.ts'
import { type TempDirectory, tempDirectory } from './temp-directory.ts'

/** The manifest that the recorded deployment had, as text. */
export const recordedManifest = readFileSync(join(import.meta.dirname, 'recorded/runtimes-manifest.json'), 'utf8')

/** What stands around an invoker: a broker and a CouchDB of the caller's own, or those that the whole run shares. */
export interface Surroundings {
  readonly hosts: string
  readonly couchUrl: string
  /** Where the invoker reaches CouchDB, if another way than the test. */
  readonly invokersCouchUrl?: string
}

/**
 * An OpenWhisk deployment without an invoker, seen from its controller: topics and databases of its own, on real servers. What
 * happens on the controller's topics is kept from the beginning.
 */
export class Deployment {
  /** Stands before the name of each topic and database, and names the invoker: deployments of one run do not meet. */
  readonly name = `e2e${randomBytes(4).toString('hex')}`
  readonly #around: Surroundings
  readonly #messaging: KafkaMessaging
  readonly #folder: TempDirectory
  readonly #databases: { readonly subjects: CouchStore; readonly whisks: CouchStore; readonly activations: CouchStore }

  /** Use {@link Deployment.start}, which gives one that is ready. */
  constructor(around: Surroundings, folder: TempDirectory) {
    this.#around = around
    this.#folder = folder
    this.#messaging = aKafkaMessaging(around.hosts)
    const open = (which: string) =>
      new CouchStore({
        url: around.couchUrl,
        database: `${this.name}_${which}`,
        timeoutMs: 5000,
        retry: { tries: 20, firstDelayMs: 50, maxDelayMs: 200 },
      })
    this.#databases = { subjects: open('subjects'), whisks: open('whisks'), activations: open('activations') }
  }

  /** Makes the topics of a controller, and the databases with OpenWhisk's design documents. */
  static async start(around?: Surroundings): Promise<Deployment> {
    const shared = around ?? { hosts: (await kafkaBroker()).hosts, couchUrl: (await couchPeer()).url }
    const deployment = new Deployment(shared, await tempDirectory())
    for (const topic of ['completed0', 'health', 'events']) {
      await deployment.#messaging.ensureTopic({ name: deployment.topic(topic), retentionMs: 3_600_000 })
    }
    await deployment.makeDatabases()
    return deployment
  }

  /** Makes the databases: once more after a CouchDB peer was killed, which forgets everything. */
  async makeDatabases(): Promise<void> {
    for (const database of Object.values(this.#databases)) await database.ensureDatabase()
    await ensureDesigns(this.#databases, designNames)
  }

  /** The variables that OpenWhisk's installers set for an invoker. */
  get openwhiskVariables(): Readonly<Record<string, string>> {
    const { couchUrl, invokersCouchUrl = couchUrl } = this.#around
    const couch = new URL(invokersCouchUrl)
    return {
      KAFKA_HOSTS: this.#around.hosts,
      CONFIG_whisk_kafka_topics_prefix: `${this.name}-`,
      CONFIG_whisk_kafka_topics_userEvent_prefix: `${this.name}-`,
      CONFIG_whisk_couchdb_protocol: 'http',
      CONFIG_whisk_couchdb_host: couch.hostname,
      CONFIG_whisk_couchdb_port: couch.port,
      CONFIG_whisk_couchdb_provider: 'CouchDB',
      CONFIG_whisk_couchdb_databases_WhiskAuth: `${this.name}_subjects`,
      CONFIG_whisk_couchdb_databases_WhiskEntity: `${this.name}_whisks`,
      CONFIG_whisk_couchdb_databases_WhiskActivation: `${this.name}_activations`,
      RUNTIMES_MANIFEST: recordedManifest,
      WHISK_API_HOST_PROTO: 'http',
      WHISK_API_HOST_NAME: 'controller.example',
      WHISK_API_HOST_PORT: '10001',
      CONFIG_whisk_containerPool_userMemory: '2048m',
      CONFIG_whisk_userEvents_enabled: 'true',
    }
  }

  /** Those variables, and ours that make an invoker quick to restart and keep what it writes in a folder of the test. */
  get variables(): Readonly<Record<string, string>> {
    return {
      ...this.openwhiskVariables,
      CONFIG_whisk_kafka_consumer_sessionTimeoutMs: '1000',
      CONFIG_whisk_kafka_consumer_heartbeatIntervalMs: '200',
      CONFIG_whisk_kafka_consumer_fetchMaxWaitMs: '50',
      WARMWHISK_INVOKER_ID: '0',
      WARMWHISK_INVOKER_UNIQUE_NAME: this.name,
      WARMWHISK_INVOKER_HOST: '127.0.0.1',
      WARMWHISK_JOURNAL_DIR: join(this.folder, 'journal'),
      WARMWHISK_COUCH_IMAGES: `${this.name}_images`,
      PORT: '0',
    }
  }

  /** A folder that goes with the deployment. */
  get folder(): string {
    return this.#folder.path
  }

  topic(name: string): string {
    return `${this.name}-${name}`
  }

  /** Stores a document as the controller does, and gives its revision. */
  store(document: JsonObject & { readonly _id: string }): Promise<string> {
    return this.#databases.whisks.put(document)
  }

  /** Stores a Node.js action of `guest`. */
  async storeAction(name: string, code: string, changes: JsonObject = {}): Promise<ActionAddress> {
    const revision = await this.store({
      ...{ _id: `guest/${name}`, entityType: 'action', namespace: 'guest', name, version: '0.0.1', publish: false },
      exec: { kind: 'nodejs:20', code, binary: false },
      limits: { concurrency: 1, logs: 10, memory: 256, timeout: 60_000 },
      ...{ parameters: [], annotations: [{ key: 'provide-api-key', value: false }], updated: 1_767_225_500_000 },
      ...changes,
    })
    return { action: { path: 'guest', name, version: '0.0.1' }, revision }
  }

  /** Puts messages on `invoker0`: as texts exactly those. */
  send(...messages: readonly (ActivationMessage | string)[]): Promise<void> {
    const texts = messages.map((message) => (typeof message === 'string' ? message : onTheWire(message)))
    return this.sendTo('invoker0', texts)
  }

  async sendTo(topic: string, texts: readonly string[]): Promise<void> {
    const name = this.topic(topic)
    await this.#messaging.ensureTopic({ name, retentionMs: 3_600_000 })
    await Promise.all(texts.map((text) => this.#messaging.send(name, text)))
  }

  /** Everything on a topic by now, as texts. */
  async texts(topic: string): Promise<readonly string[]> {
    const found: string[] = []
    for await (const { value } of this.#messaging.readFrom(this.topic(topic), '0')) found.push(String(value))
    return found
  }

  /** The messages on a topic by now: what is no JSON object is left out. */
  async read(topic: string): Promise<readonly JsonObject[]> {
    return (await this.texts(topic)).flatMap((text) => {
      try {
        const json = JSON.parse(text) as Json
        return isJsonObject(json) ? [json] : []
      } catch {
        // Some tests put it there.
        return []
      }
    })
  }

  /** The stored record of an activation. */
  record(activationId: string, namespace = 'guest'): Promise<StoredDocument | undefined> {
    return this.#databases.activations.get(`${namespace}/${activationId}`)
  }

  async stop(): Promise<void> {
    const soon = AbortSignal.timeout(5000)
    await this.#messaging.stop(soon)
    for (const database of Object.values(this.#databases)) await database.stop(soon)
    await this.#folder.remove()
  }
}

/** How a message names an action. */
export type ActionAddress = Pick<ActivationMessage, 'action' | 'revision'>
