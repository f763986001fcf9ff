import { setting } from './setting.ts'
import { durationMs, sizeBytes, sizeMb, whole } from './types.ts'

/** What the platform allows (protocol reference 4.3, 8.15). */
export const limits = {
  timeoutMinMs: setting(durationMs, {
    default: '100 ms',
    says: 'Shortest time limit of an action',
    openwhisk: ['whisk.time-limit.min'],
  }),
  timeoutMaxMs: setting(durationMs, {
    default: '5 minutes',
    says: 'Longest time limit of an action',
    openwhisk: ['whisk.time-limit.max'],
  }),
  timeoutStdMs: setting(durationMs, {
    default: '1 minute',
    says: 'Time limit of an action that asks for none',
    openwhisk: ['whisk.time-limit.std'],
  }),
  memoryMinMb: setting(sizeMb, {
    default: '128m',
    says: 'Smallest memory of an action',
    openwhisk: ['whisk.memory.min'],
  }),
  memoryMaxMb: setting(sizeMb, {
    default: '512m',
    says: 'Largest memory of an action',
    openwhisk: ['whisk.memory.max'],
  }),
  memoryStdMb: setting(sizeMb, {
    default: '256m',
    says: 'Memory of an action that asks for none',
    openwhisk: ['whisk.memory.std'],
  }),
  logsMinMb: setting(sizeMb, {
    default: '0m',
    says: 'Smallest log limit of an action',
    openwhisk: ['whisk.log-limit.min'],
  }),
  logsMaxMb: setting(sizeMb, {
    default: '10m',
    says: 'Largest log limit of an action',
    openwhisk: ['whisk.log-limit.max'],
  }),
  logsStdMb: setting(sizeMb, {
    default: '10m',
    says: 'Log limit of an action that asks for none',
    openwhisk: ['whisk.log-limit.std'],
  }),
  concurrencyMin: setting(whole(1), {
    default: '1',
    says: 'Smallest number of activations inside one container at a time',
    openwhisk: ['whisk.concurrency-limit.min'],
  }),
  concurrencyMax: setting(whole(1), {
    default: '1',
    says: 'Largest number of activations inside one container at a time',
    openwhisk: ['whisk.concurrency-limit.max'],
  }),
  concurrencyStd: setting(whole(1), {
    default: '1',
    says: 'That number for an action that asks for none',
    openwhisk: ['whisk.concurrency-limit.std'],
  }),
  payloadBytes: setting(sizeBytes, {
    default: '1m',
    says: 'Largest parameters of an invocation, and largest result',
    openwhisk: ['whisk.activation.payload.max'],
  }),
  truncationBytes: setting(sizeBytes, {
    default: '1m',
    says: 'What is kept of a result that is too large',
    openwhisk: ['whisk.activation.payload.truncation'],
  }),
  parameterBytes: setting(sizeBytes, {
    default: '1m',
    says: 'Largest parameters, and largest annotations, of a stored action',
    openwhisk: ['whisk.parameter-size-limit'],
  }),
  codeBytes: setting(sizeBytes, {
    default: '48m',
    says: 'Largest code of an action',
    openwhisk: ['whisk.exec-size-limit'],
  }),
}

/** What a namespace may do in standalone when its subject has no limits of its own (8.14). */
export const throttles = {
  invocationsPerMinute: setting(whole(0), {
    default: '60',
    says: 'Invocations of a namespace in a minute',
    openwhisk: ['LIMITS_ACTIONS_INVOKES_PERMINUTE'],
  }),
  concurrentInvocations: setting(whole(0), {
    default: '30',
    says: 'Invocations of a namespace at the same time',
    openwhisk: ['LIMITS_ACTIONS_INVOKES_CONCURRENT'],
  }),
  firesPerMinute: setting(whole(0), {
    default: '60',
    says: 'Triggers that a namespace may fire in a minute: told to clients, there are no triggers yet',
    openwhisk: ['LIMITS_TRIGGERS_FIRES_PERMINUTE'],
  }),
  sequenceLength: setting(whole(0), {
    default: '50',
    says: 'Longest sequence: told to clients, there are no sequences yet',
    openwhisk: ['LIMITS_ACTIONS_SEQUENCE_MAXLENGTH'],
  }),
}
