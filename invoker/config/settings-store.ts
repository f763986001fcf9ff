import { setting } from './setting.ts'
import { base64Key, durationMs, flag, folder, oneOf, optional, text, whole } from './types.ts'

/** The document store of a deployment (protocol reference 3.1). */
export const couch = {
  protocol: setting(oneOf('http', 'https'), {
    default: 'http',
    says: 'How to reach it',
    openwhisk: ['whisk.couchdb.protocol'],
  }),
  host: setting(text, {
    default: '',
    says: 'Its host',
    openwhisk: ['whisk.couchdb.host'],
    neededBy: 'invoker',
  }),
  port: setting(whole(1, 65535), { default: '5984', says: 'Its port', openwhisk: ['whisk.couchdb.port'] }),
  username: setting(text, { default: '', says: 'User of the databases', openwhisk: ['whisk.couchdb.username'] }),
  password: setting(text, {
    default: '',
    says: "The user's password",
    openwhisk: ['whisk.couchdb.password'],
    isSecret: true,
  }),
  subjects: setting(text, {
    default: 'whisk_local_subjects',
    says: 'Database of subjects',
    openwhisk: ['whisk.couchdb.databases.WhiskAuth'],
  }),
  whisks: setting(text, {
    default: 'whisk_local_whisks',
    says: 'Database of actions',
    openwhisk: ['whisk.couchdb.databases.WhiskEntity'],
  }),
  activations: setting(text, {
    default: 'whisk_local_activations',
    says: 'Database of activation records',
    openwhisk: ['whisk.couchdb.databases.WhiskActivation'],
  }),
  images: setting(text, {
    default: 'dependency_images',
    says: 'Database of dependency images, which only warmwhisk has',
  }),
  timeoutMs: setting(durationMs, { default: '30s', says: 'How long a request to the store may take' }),
  maxTries: setting(whole(1, 100), {
    default: '3',
    says: 'How often a request is tried that may be tried again',
    openwhisk: ['whisk.activation-store.retry-config.max-tries'],
  }),
}

/** The embedded store of standalone. */
export const store = {
  dataDir: setting(folder, {
    default: '~/.warmwhisk/standalone',
    says: 'Folder of the embedded store, the journal and the control socket',
    option: '--data-dir',
  }),
}

const storeLevels = oneOf('STORE_ALWAYS', 'STORE_FAILURES', 'STORE_FAILURES_NOT_APPLICATION_ERRORS')

/** Activation records (7). */
export const activations = {
  storeBlockingResultLevel: setting(storeLevels, {
    default: 'STORE_ALWAYS',
    says: 'Which records of blocking invocations are stored',
    openwhisk: ['whisk.activation.store-blocking-result-level'],
  }),
  storeNonBlockingResultLevel: setting(storeLevels, {
    default: 'STORE_ALWAYS',
    says: 'Which records of non-blocking invocations are stored',
    openwhisk: ['whisk.activation.store-non-blocking-result-level'],
  }),
  retentionMs: setting(durationMs, {
    default: '7 days',
    says: 'After this time the embedded store drops a record; 0 keeps them all',
  }),
}

/** Keys that lock stored parameters (3.4). */
export const parameterStorage = {
  current: setting(oneOf('off', 'noop', 'aes-128', 'aes-256'), {
    default: 'off',
    says: 'How standalone locks the parameters of what it stores',
    openwhisk: ['whisk.parameter-storage.current'],
  }),
  aes128: setting(optional(base64Key(16)), {
    default: '',
    says: 'Key of aes-128, 16 bytes',
    openwhisk: ['whisk.parameter-storage.aes-128', 'whisk.parameter-storage.aes128'],
    isSecret: true,
  }),
  aes256: setting(optional(base64Key(32)), {
    default: '',
    says: 'Key of aes-256, 32 bytes',
    openwhisk: ['whisk.parameter-storage.aes-256', 'whisk.parameter-storage.aes256'],
    isSecret: true,
  }),
}

/** Namespaces that may not run anything (4.8). */
export const blacklist = {
  pollMs: setting(durationMs, {
    default: '5 minutes',
    says: 'How often the list of blocked namespaces is read',
    openwhisk: ['whisk.blacklist.poll-interval'],
  }),
}

/** The note of what has started, by which a crash loses nothing. */
export const journal = {
  dir: setting(folder, {
    default: '',
    says: 'Folder of the journal; empty: below the data directory in standalone, below /var/lib/warmwhisk in an invoker',
  }),
  fsync: setting(flag, {
    default: 'false',
    says: 'Force each note to the disk: survives also the loss of power, and takes longer',
  }),
  atLeastOnce: setting(flag, {
    default: 'false',
    says: 'After a crash run again what had started, where OpenWhisk promises at most once: for batches',
  }),
}
