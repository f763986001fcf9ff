import type { ActivationMessage } from '../domain/activation-message.ts'
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts'

/** Gives the value behind a locked one (protocol reference 3.4). */
export type Unlock = (value: Json, algorithm: string) => Json

/** What an activation hands to its action. */
export interface ActionArguments {
  /** Initial environment: init parameters as texts. */
  readonly env: Readonly<Record<string, string>>
  /** `value` of /run. */
  readonly value: JsonObject | readonly Json[]
}

/**
 * Unlocks locked arguments and splits the init parameters off (5.7, step 1; 6.1). A list replaces all parameters.
 * @throws what `unlock` throws.
 */
export function splitArguments(message: ActivationMessage, unlock: Unlock): ActionArguments {
  const { content, initArgs, lockedArgs } = message
  if (content === undefined) return { env: {}, value: {} }
  if (!isJsonObject(content)) return { env: {}, value: content as readonly Json[] }
  const open = unlockAll(content, lockedArgs, unlock)
  if (initArgs.length === 0) return { env: {}, value: open }
  const isInit = new Set(initArgs)
  const entries = Object.entries(open)
  return {
    env: Object.fromEntries(entries.filter(([key]) => isInit.has(key)).map(([key, value]) => [key, asText(value)])),
    value: Object.fromEntries(entries.filter(([key]) => !isInit.has(key))),
  }
}

function unlockAll(content: JsonObject, locked: Readonly<Record<string, string>>, unlock: Unlock): JsonObject {
  if (Object.keys(locked).length === 0) return content
  const entries = Object.entries(content).map(([key, value]): [string, Json] => {
    const algorithm = Object.hasOwn(locked, key) ? locked[key] : undefined
    return [key, algorithm === undefined ? value : unlock(value, algorithm)]
  })
  return Object.fromEntries(entries)
}

/** An environment value: null is empty, texts are as they are, the rest is compact JSON (6.1). */
export function asText(value: Json): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
