import { isJsonObject, type Json, type JsonObject } from './json.ts'

/** Raised where a message breaks a rule of the wire; the text names the field, what is there and what would be right. */
export class WireError extends SyntaxError {
  readonly field: string

  constructor(field: string, found: Json | undefined, wanted: string) {
    super(`Cannot read the field "${field}": ${describe(found)} found, ${wanted} wanted`)
    this.name = 'WireError'
    this.field = field
  }
}

/** What a value is, in a word or two; never the value itself, which may be a secret. */
function describe(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/**
 * Reads the members of one object of a message (protocol reference 2.1): a missing member and null both mean "none";
 * members that nobody asks for are ignored.
 * @throws WireError from every method, with the path of the field.
 */
export class WireFields {
  readonly #object: JsonObject
  readonly #path: string

  constructor(value: Json | undefined, path: string) {
    if (!isJsonObject(value)) throw new WireError(path === '' ? 'message' : path, value, 'an object')
    this.#object = value
    this.#path = path === '' ? '' : `${path}.`
  }

  /** The raw value. */
  any(key: string): Json | undefined {
    return this.#object[key]
  }

  /** Whether the key is there, null included. */
  has(key: string): boolean {
    return Object.hasOwn(this.#object, key)
  }

  string(key: string): string {
    const value = this.#object[key]
    return typeof value === 'string' ? value : this.wrong(key, 'a string')
  }

  maybeString(key: string): string | undefined {
    const value = this.#object[key] ?? undefined
    return value === undefined ? undefined : this.string(key)
  }

  boolean(key: string): boolean {
    const value = this.#object[key]
    return typeof value === 'boolean' ? value : this.wrong(key, 'true or false')
  }

  object(key: string): WireFields {
    return new WireFields(this.#object[key], this.#path + key)
  }

  strings(key: string): readonly string[] {
    const value = this.#object[key]
    if (!Array.isArray(value) || value.some((one) => typeof one !== 'string'))
      return this.wrong(key, 'a list of strings')
    return value as readonly string[]
  }

  /** An object whose members are all strings. */
  stringMap(key: string): Readonly<Record<string, string>> {
    const value = this.#object[key]
    if (!isJsonObject(value)) return this.wrong(key, 'an object of strings')
    for (const member in value) {
      if (typeof value[member] !== 'string')
        throw new WireError(`${this.#path}${key}.${member}`, value[member], 'a string')
    }
    return value as Readonly<Record<string, string>>
  }

  /** Refuses the value of a field. */
  wrong(key: string, wanted: string): never {
    throw new WireError(this.#path + key, this.#object[key], wanted)
  }
}
