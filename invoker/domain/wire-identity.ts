import type { Identity } from './identity.ts'
import type { Json } from './json.ts'
import type { UserLimits } from './limits.ts'
import { parseSize } from './size.ts'
import { WireFields } from './wire-fields.ts'

const numbers = [
  'invocationsPerMinute',
  'concurrentInvocations',
  'firesPerMinute',
  'minActionMemory',
  'maxActionMemory',
  'minActionLogs',
  'maxActionLogs',
  'minActionTimeout',
  'maxActionTimeout',
  'minActionConcurrency',
  'maxActionConcurrency',
  'warmedContainerKeepingCount',
  'maxActionInstances',
] as const satisfies readonly (keyof UserLimits)[]
const sizes = ['maxParameterSize', 'maxPayloadSize', 'truncationSize'] as const satisfies readonly (keyof UserLimits)[]
const rights: ReadonlySet<string> = new Set(['READ', 'PUT', 'DELETE', 'ACTIVATE', 'REJECT'])

/**
 * Reads who invokes (protocol reference 2.4).
 * @throws WireError that names the field.
 */
export function readIdentity(user: WireFields): Identity {
  const namespace = user.object('namespace')
  return {
    subject: user.string('subject'),
    namespace: { name: namespace.string('name'), uuid: namespace.string('uuid') },
    authkey: user.stringMap('authkey'),
    rights: readRights(user),
    limits: readUserLimits(user.any('limits'), 'user.limits'),
  }
}

function readRights(user: WireFields): readonly string[] {
  const upper = user.strings('rights').map((right) => right.toUpperCase())
  return upper.every((right) => rights.has(right)) ? upper : user.wrong('rights', `a list of ${[...rights].join(', ')}`)
}

/**
 * Reads the limits of a namespace: all optional, unknown ones ignored (2.4). `path` names the object in errors.
 * @throws WireError that names the field.
 */
export function readUserLimits(value: Json | undefined, path: string): UserLimits {
  const limits = new WireFields(value, path)
  const found: Record<string, Json> = {}
  for (const key of Object.keys(value as object)) {
    const known = readLimit(limits, key)
    if (known !== undefined) found[key] = known
  }
  return found as UserLimits
}

function readLimit(limits: WireFields, key: string): Json | undefined {
  const value = limits.any(key) ?? undefined
  if (value === undefined) return undefined
  if (isOneOf(numbers, key)) return Number.isInteger(value) ? value : limits.wrong(key, 'a whole number')
  if (isOneOf(sizes, key)) return readSize(limits, key)
  switch (key) {
    case 'allowedKinds':
      return limits.strings(key)
    case 'storeActivations':
      return limits.boolean(key)
    case 'warmedContainerKeepingTimeout':
      return limits.string(key)
    default:
      return undefined
  }
}

function readSize(limits: WireFields, key: string): string {
  const text = limits.string(key)
  try {
    parseSize(text)
  } catch {
    // The cause says the same without the name of the field.
    limits.wrong(key, 'a size such as "1 MB"')
  }
  return text
}

function isOneOf(names: readonly string[], key: string): boolean {
  return names.includes(key)
}
