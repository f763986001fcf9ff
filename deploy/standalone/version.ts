import type { Json } from '../../invoker/domain/json.ts'
import { malformed } from './rest-error.ts'

const largest = 0x7fffffff

/**
 * Reads a version of one to three whole numbers and gives it with three (protocol reference 3.2); undefined where it is absent
 * or null. `0.0.0` is none. @throws RestError 400.
 */
export function readVersion(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw wrong()
  const parts = value.replace(/\.+$/, '').split('.').slice(0, 3)
  if (!parts.every((part) => /^\+?\d{1,10}$/.test(part) && Number(part) <= largest)) throw wrong()
  const numbers = [0, 1, 2].map((place) => Number(parts[place] ?? 0))
  if (numbers.every((number) => number === 0)) throw wrong()
  return numbers.join('.')
}

/** The next version: its last number goes up. */
export function nextVersion(version: string): string {
  const [major = '0', minor = '0', patch = '0'] = version.split('.')
  return `${major}.${minor}.${Number(patch) + 1}`
}

function wrong(): Error {
  return malformed('semantic version malformed')
}
