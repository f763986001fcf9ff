import { Breaker } from '../adapters/breaker/breaker.ts'
import { withBreaker } from '../adapters/breaker/breaker-store.ts'
import { CouchStore } from '../adapters/couch/couch-store.ts'
import type { Config } from '../config/read-config.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { Shutdown } from '../lib/shutdown.ts'
import type { Clock } from '../ports/clock.ts'
import type { Databases } from '../ports/documents.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { ActionStore } from '../store/actions.ts'
import { ActivationStore } from '../store/activations.ts'
import { Blacklist } from '../store/blacklist.ts'
import { Parameters } from '../store/parameters.ts'

/** What stores are made with. */
export interface StoreTools {
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly shutdown: Shutdown
}

/** The entities that an invoker reads and writes. */
export interface Stores {
  readonly actions: ActionStore
  readonly activations: ActivationStore
  readonly blacklist: Blacklist
  readonly parameters: Parameters
}

/**
 * The databases of a deployment's CouchDB, behind one breaker; that of dependency images has its own, since what is wrong with it
 * must not keep activations from theirs. Opens no connection yet.
 */
export function couchDatabases({ couch }: Config, { meter, shutdown }: StoreTools): Databases {
  const guard = (name: string) =>
    shutdown.own(`breaker of ${name}`, new Breaker({ name, fault: 'STORE_UNAVAILABLE', meter }))
  const shared = guard('couchdb')
  const open = (database: string, breaker = shared) =>
    shutdown.own(
      `database "${database}"`,
      withBreaker(
        new CouchStore({
          url: `${couch.protocol}://${couch.host}:${couch.port}`,
          database,
          timeoutMs: couch.timeoutMs,
          retry: { tries: couch.maxTries, firstDelayMs: 50, maxDelayMs: 1000 },
          ...(couch.username === '' ? {} : { username: couch.username, password: couch.password }),
        }),
        breaker,
      ),
    )
  return {
    subjects: open(couch.subjects),
    whisks: open(couch.whisks),
    activations: open(couch.activations),
    images: open(couch.images, guard('couchdb images')),
  }
}

/** The entities on given databases. */
export function openStores(
  config: Config,
  parts: StoreTools & {
    readonly databases: Databases
    readonly manifest: Manifest
    /** Whether lists may lack the newest records, as OpenWhisk's do: our own store is fresh. */
    readonly isStaleAllowed: boolean
  },
): Stores {
  const { databases, manifest, clock, log, meter, isStaleAllowed } = parts
  const { current, aes128, aes256 } = config.parameterStorage
  return {
    actions: new ActionStore({ whisks: databases.whisks, manifest, clock, log, meter }),
    activations: new ActivationStore({ activations: databases.activations, clock, meter, isStaleAllowed }),
    blacklist: parts.shutdown.own(
      'blacklist',
      new Blacklist({ subjects: databases.subjects, clock, log, everyMs: config.blacklist.pollMs }),
    ),
    parameters: new Parameters({
      current: current === 'noop' ? 'off' : current,
      keys: {
        ...(aes128 ? { 'aes-128': Buffer.from(aes128, 'base64') } : {}),
        ...(aes256 ? { 'aes-256': Buffer.from(aes256, 'base64') } : {}),
      },
    }),
  }
}
