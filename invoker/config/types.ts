import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { parseDuration } from '../domain/duration.ts'
import { MiB, parseSize } from '../domain/size.ts'
import { reasonOf } from '../lib/reason-of.ts'

/** A sort of setting: the word for it in the documentation, and how its text becomes a value. */
export interface SettingType<T> {
  readonly word: string
  readonly schema: z.ZodType<T, string>
}

/** Makes a type out of a function that throws SyntaxError; the error's text becomes the problem. */
function parsed<T>(word: string, parse: (text: string) => T): SettingType<T> {
  const schema = z.string().transform((text, context): T => {
    try {
      return parse(text)
    } catch (error) {
      // Every parser given here reports bad input by throwing; what it says is what the operator must read.
      context.addIssue({ code: 'custom', message: reasonOf(error) })
      return z.NEVER
    }
  })
  return { word, schema }
}

/** Any text, the empty one included. */
export const text: SettingType<string> = { word: 'text', schema: z.string() }

/** A folder: an absolute path in the end; `~` is the home folder. Nothing stays nothing. */
export const folder: SettingType<string> = parsed('folder', (value) =>
  value === '' ? '' : path.resolve(value.replace(/^~(?=\/|$)/, homedir())),
)

/** A file: its path becomes absolute as a folder's does. */
export const file: SettingType<string> = { ...folder, word: 'file' }

/** `true` or `false`, also as HOCON writes them: yes, no, on, off. */
export const flag: SettingType<boolean> = parsed('true or false', (value) => {
  if (['true', 'yes', 'on'].includes(value)) return true
  if (['false', 'no', 'off'].includes(value)) return false
  throw new SyntaxError('expected true or false')
})

/** A duration such as `10 minutes`, `60s` or `500` (ms); the value is in milliseconds. */
export const durationMs: SettingType<number> = parsed('duration', (value) => {
  if (/^\d+$/.test(value)) return Number(value)
  try {
    return Math.round(parseDuration(value))
  } catch {
    // The parser's own message repeats the value, which the report names already.
    throw new SyntaxError('expected a number and a unit, such as "10 minutes", "60s" or "500 ms"')
  }
})

/** A size such as `2048m` or `256 MB`; the value is in whole MB. */
export const sizeMb: SettingType<number> = parsed('size', (value) => {
  const bytes = size(value)
  if (bytes % MiB !== 0) throw new SyntaxError('expected whole megabytes, such as "256 MB"')
  return bytes / MiB
})

/** A size such as `1m` or `6068 B`; the value is in bytes, and so is a bare number. */
export const sizeBytes: SettingType<number> = parsed('size', (value) =>
  /^\d+$/.test(value) ? Number(value) : size(value),
)

function size(value: string): number {
  try {
    return parseSize(value)
  } catch {
    // The size parser's own message repeats the value, which the report names already.
    throw new SyntaxError('expected a whole number and a unit, such as "256 MB"')
  }
}

/** A list: items separated by commas, or as HOCON writes one (`["a","b"]`). */
export const list: SettingType<readonly string[]> = parsed('list', (value) =>
  value
    .replace(/^\[(.*)\]$/s, '$1')
    .split(',')
    .map((item) => item.trim().replace(/^"(.*)"$/, '$1'))
    .filter((item) => item !== ''),
)

/** A list of `host:port`. */
export const hosts: SettingType<readonly string[]> = parsed('list of host:port', (value) => {
  const items = list.schema.parse(value)
  const wrong = items.find((item) => !/^(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/.test(item))
  if (wrong !== undefined) throw new SyntaxError('expected host:port, several separated by commas')
  return items
})

/** A JSON value, not looked into here. */
export const json: SettingType<unknown> = parsed('JSON', (value) => {
  try {
    return JSON.parse(value)
  } catch (error) {
    throw new SyntaxError(`expected JSON: ${reasonOf(error)}`)
  }
})

/** A decimal number from `min` (not included where `above` says so) to `max`. */
export function number(range: { min: number; max: number; above?: boolean }): SettingType<number> {
  return parsed('number', (value) => {
    const given = value.trim() === '' ? Number.NaN : Number(value)
    const fits = given <= range.max && (range.above ? given > range.min : given >= range.min)
    if (!fits) throw new SyntaxError(`expected a number ${range.above ? 'above' : 'from'} ${range.min} to ${range.max}`)
    return given
  })
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number = Number.MAX_SAFE_INTEGER): SettingType<number> {
  const upTo = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`
  return parsed('whole number', (value) => {
    const given = Number(value)
    if (!/^\d+$/.test(value) || given < min || given > max) throw new SyntaxError(`expected a whole number ${upTo}`)
    return given
  })
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): SettingType<T> {
  return parsed(words.join(', '), (value) => {
    const found = words.find((word) => word === value)
    if (found === undefined) throw new SyntaxError(`expected one of ${words.join(', ')}`)
    return found
  })
}

/** The same, or nothing: an empty text gives undefined. */
export function optional<T>(type: SettingType<T>): SettingType<T | undefined> {
  return parsed(type.word, (value) => {
    if (value === '') return undefined
    const result = type.schema.safeParse(value)
    if (!result.success) throw new SyntaxError(result.error.issues.map((issue) => issue.message).join('; '))
    return result.data
  })
}

/** Exactly so many bytes in base64; the value stays text. */
export function base64Key(bytes: number): SettingType<string> {
  return parsed('base64', (value) => {
    const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(value)
    if (!isBase64 || Buffer.from(value, 'base64').length !== bytes) {
      throw new SyntaxError(`expected ${bytes} bytes in base64`)
    }
    return value
  })
}
