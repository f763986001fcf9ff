import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { isJsonObject, type Json } from '../../invoker/domain/json.ts'

/** A recording of the real OpenWhisk below test/support/recorded: a JSON document, or the lines of a `.jsonl` file. */
export function recorded(path: string): JsonObject {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'recorded', path), 'utf8')) as JsonObject
}

/** The lines of a `.jsonl` recording. */
export function recordedLines(path: string): readonly JsonObject[] {
  const text = readFileSync(join(import.meta.dirname, 'recorded', path), 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JsonObject)
}

/** What a controller's parser sees of a value: members and types, whatever they say. Annotations are told apart by their keys. */
export function shapeOf(value: Json): unknown {
  if (Array.isArray(value)) return value.every(isAnnotation) ? membersOf(value) : value.map(shapeOf)
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]))
  return value === null ? 'null' : typeof value
}

function isAnnotation(value: Json): value is JsonObject & { readonly key: string; readonly value: Json } {
  return isJsonObject(value) && typeof value.key === 'string' && value.value !== undefined
}

function membersOf(annotations: readonly { readonly key: string; readonly value: Json }[]): unknown {
  return Object.fromEntries(annotations.map(({ key, value }) => [key, shapeOf(value)]))
}
