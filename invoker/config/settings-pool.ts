import { setting, shareOfMachine } from './setting.ts'
import {
  durationMs,
  flag,
  folder,
  json,
  list,
  number,
  oneOf,
  optional,
  sizeBytes,
  sizeMb,
  text,
  whole,
} from './types.ts'

/** The container pool (protocol reference 5). */
export const pool = {
  userMemoryMb: setting(sizeMb, {
    default: '1024m',
    defaultOn: shareOfMachine(0.5, { atLeastMb: 1024 }),
    says: "Memory for all containers of actions together; standalone: half of the machine's",
    openwhisk: ['whisk.container-pool.user-memory'],
  }),
  peekFactor: setting(number({ min: 0, above: true, max: 1 }), {
    default: '0.5',
    says: 'How much of the concurrency inside containers is counted when messages are taken (1.4)',
    openwhisk: ['whisk.container-pool.concurrent-peek-factor'],
  }),
  idleContainerMs: setting(durationMs, {
    default: '10 minutes',
    says: 'How long a paused container is kept',
    openwhisk: ['whisk.container-proxy.timeouts.idle-container'],
  }),
  pauseGraceMs: setting(durationMs, {
    default: '10s',
    says: 'How long a container without work waits before it is paused',
    openwhisk: ['whisk.container-proxy.timeouts.pause-grace'],
  }),
  prewarmCheckDelayMs: setting(durationMs, {
    default: '10 minutes',
    says: 'Time before stem cells are looked over for the first time',
    openwhisk: ['whisk.container-pool.prewarm-expiration-check-init-delay'],
  }),
  prewarmCheckIntervalMs: setting(durationMs, {
    default: '10 minutes',
    says: 'How often stem cells are looked over',
    openwhisk: ['whisk.container-pool.prewarm-expiration-check-interval'],
  }),
  prewarmCheckVarianceMs: setting(durationMs, {
    default: '10s',
    says: 'At most this is added, by chance and once, to the interval',
    openwhisk: ['whisk.container-pool.prewarm-expiration-check-interval-variance'],
  }),
  prewarmExpirationLimit: setting(whole(0), {
    default: '100',
    says: 'Stem cells removed in one look at most',
    openwhisk: ['whisk.container-pool.prewarm-expiration-limit'],
  }),
}

/** How containers are made. */
export const containers = {
  factory: setting(oneOf('auto', 'runc', 'process'), {
    default: 'auto',
    says: 'runc isolates; process does not and is for development; auto takes runc where it works',
  }),
  stateDir: setting(folder, { default: '/run/warmwhisk', says: 'Folder for what containers need while they live' }),
  subnet: setting(text, { default: '10.87.0.0/16', says: 'Addresses of the containers' }),
  networkPool: setting(whole(0, 1000), { default: '8', says: 'Network namespaces that are kept ready' }),
  ready: setting(whole(0, 100), {
    default: '2',
    says: 'Empty containers of a kind that are kept ready for images to be restored into',
  }),
  quickMoves: setting(flag, {
    default: 'on',
    says: 'While an invoker runs, the control groups of the host are mounted with favordynmods: containers start sooner',
  }),
  pidsLimit: setting(whole(1), { default: '1024', says: 'Processes and threads that a container may have' }),
  tmpBytes: setting(sizeBytes, { default: '128m', says: 'Space in /tmp and in the work directory of a container' }),
  parallelStarts: setting(whole(0), {
    default: '10',
    says: 'Containers that start at the same time; 0 does not limit',
    openwhisk: ['whisk.docker.client.parallel-runs'],
  }),
  dnsServers: setting(list, {
    default: '',
    says: "Name servers of the containers; empty: the host's",
    openwhisk: ['whisk.container-factory.container-args.dns-servers'],
  }),
  dnsSearch: setting(list, {
    default: '',
    says: 'Search domains of the containers',
    openwhisk: ['whisk.container-factory.container-args.dns-search'],
  }),
  dnsOptions: setting(list, {
    default: '',
    says: 'Resolver options of the containers',
    openwhisk: ['whisk.container-factory.container-args.dns-options'],
  }),
  extraEnv: setting(list, {
    default: '',
    says: 'Environment of every container: KEY=value, or KEY with the value that the invoker has',
    openwhisk: ['whisk.container-factory.container-args.extra-env-vars'],
  }),
}

/** Which kinds there are (9.1). */
export const runtimes = {
  manifest: setting(optional(json), {
    default: '',
    says: "Runtimes manifest in OpenWhisk's format; empty: the kinds of runtimes/runtimes.json",
    openwhisk: ['RUNTIMES_MANIFEST'],
    neededBy: 'invoker',
  }),
}
