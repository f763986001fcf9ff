import { createHash } from 'node:crypto'
import type { ExecutableAction, KeyValue } from '../domain/action.ts'
import { isJsonObject, type Json } from '../domain/json.ts'
import { compareText } from '../lib/compare-text.ts'

/**
 * Digests of actions, such that two actions have the same one exactly when they are structurally equal (protocol reference
 * 5.2): the revision and `updated` do not count, nor does the order of parameters and annotations. A digest is computed once
 * for each object that the action store hands out, not for each activation.
 */
export class ActionKeys {
  readonly #known = new WeakMap<ExecutableAction, string>()

  /** The digest of `action`: 64 hex digits. */
  of(action: ExecutableAction): string {
    const known = this.#known.get(action)
    if (known !== undefined) return known
    const key = digest(action)
    this.#known.set(action, key)
    return key
  }
}

function digest(action: ExecutableAction): string {
  const { exec, limits } = action
  const facts: Json = [
    action.namespace,
    action.name,
    action.version,
    action.publish,
    exec.kind,
    exec.image ?? null,
    exec.main ?? null,
    exec.binary,
    exec.code === undefined ? null : exec.code.length,
    sorted({ ...limits }),
    byKey(action.parameters),
    byKey(action.annotations),
  ]
  // The code may be tens of megabytes: it is hashed as it is, not quoted first.
  return createHash('sha256')
    .update(JSON.stringify(facts))
    .update(exec.code ?? '')
    .digest('hex')
}

function byKey(entries: readonly KeyValue[]): Json {
  return entries.map((entry) => sorted({ ...entry })).sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)))
}

/** The same value with the members of every object in one order. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [key, sorted(member)])
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)))
}
