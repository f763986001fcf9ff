import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts'
import type { UserLimits } from '../domain/limits.ts'

const isNumber = (value: Json): boolean => typeof value === 'number' && Number.isInteger(value)
const isText = (value: Json): boolean => typeof value === 'string'
const isFlag = (value: Json): boolean => typeof value === 'boolean'
const isTexts = (value: Json): boolean => Array.isArray(value) && value.every(isText)

/** The members of UserLimits (protocol reference 2.4) and what each must be. */
const members: Readonly<Record<keyof UserLimits, (value: Json) => boolean>> = {
  invocationsPerMinute: isNumber,
  concurrentInvocations: isNumber,
  firesPerMinute: isNumber,
  allowedKinds: isTexts,
  storeActivations: isFlag,
  minActionMemory: isNumber,
  maxActionMemory: isNumber,
  minActionLogs: isNumber,
  maxActionLogs: isNumber,
  minActionTimeout: isNumber,
  maxActionTimeout: isNumber,
  minActionConcurrency: isNumber,
  maxActionConcurrency: isNumber,
  maxParameterSize: isText,
  maxPayloadSize: isText,
  truncationSize: isText,
  warmedContainerKeepingCount: isNumber,
  warmedContainerKeepingTimeout: isText,
  maxActionInstances: isNumber,
}

/** Reads a limits document (3.6). What it does not know is left out; where a member is wrong, none of the limits counts. */
export function readUserLimits(json: Json | undefined): UserLimits {
  if (!isJsonObject(json)) return {}
  const known = Object.entries(json).filter(([name]) => Object.hasOwn(members, name))
  return known.every(([name, value]) => members[name as keyof UserLimits](value)) ? Object.fromEntries(known) : {}
}

/** Names in `limits` that are no limits or have a wrong value, for a person who sets them. */
export function wrongLimits(limits: JsonObject): readonly string[] {
  return Object.entries(limits)
    .filter(([name, value]) => !Object.hasOwn(members, name) || !members[name as keyof UserLimits](value))
    .map(([name]) => name)
}
