import { nearest } from '../lib/nearest.ts'
import {
  type Environment,
  type Given,
  hasNoCounterpart,
  plainWithoutCounterpart,
  transformEnvironment,
  unread,
} from './openwhisk.ts'
import { openwhiskVariable, ownVariable } from './setting.ts'
import { type Row, rows } from './table.ts'

/** A value that does not come from the environment, and where it does come from (`--port`). */
export type Overrides = Readonly<Record<string, Given>>

/** Where settings come from: first what overrides, then our own variable, then OpenWhisk's. */
export class Sources {
  readonly #env: Environment
  readonly #keys: ReadonlyMap<string, Given>
  readonly #overrides: Overrides

  constructor(env: Environment, overrides: Overrides) {
    this.#env = env
    this.#keys = transformEnvironment(env)
    this.#overrides = overrides
  }

  /** What sets this row, or undefined where nothing does. */
  find(row: Row): Given | undefined {
    return this.#overrides[row.path] ?? this.#plain(ownVariable(row.group, row.name)) ?? this.#fromOpenwhisk(row)
  }

  #fromOpenwhisk(row: Row): Given | undefined {
    for (const key of row.setting.openwhisk ?? []) {
      const given = key.includes('.') ? this.#keys.get(key) : this.#plain(key)
      if (given) return given
    }
    return undefined
  }

  #plain(variable: string): Given | undefined {
    const value = this.#env[variable]
    return value ? { variable, value } : undefined
  }

  /** Problems: variables with our prefix that set nothing. Other programs of the product read `WARMWHISK_TOOLS`. */
  unknownOwn(): readonly string[] {
    const known = new Set(['WARMWHISK_TOOLS', ...rows().map((row) => ownVariable(row.group, row.name))])
    return Object.keys(this.#env)
      .filter((name) => name.startsWith('WARMWHISK_') && !known.has(name))
      .map((name) => {
        const guess = nearest(name, known)
        return `${name}: no setting has this name${guess ? `: did you mean ${guess}?` : ''}`
      })
  }

  /** Notes for the log: what a deployment sets and this invoker does not use. */
  notes(): readonly string[] {
    const used = new Set(rows().flatMap((row) => row.setting.openwhisk ?? []))
    const others = [...this.#keys].filter(([key]) => !used.has(key))
    const idle = others.filter(([key]) => hasNoCounterpart(key)).map(([, given]) => given.variable)
    const plain = plainWithoutCounterpart.filter((name) => this.#env[name])
    const strange = others
      .filter(([key]) => !hasNoCounterpart(key))
      .map(([key, given]) => {
        const guess = nearest(key, used)
        return guess ? `${given.variable} (did you mean ${openwhiskVariable(guess)}?)` : given.variable
      })
    return [
      sentence(
        'Not read, set the variables of docs/configuration.md instead',
        unread.filter((name) => this.#env[name]),
      ),
      sentence('Known to OpenWhisk and without effect here', [...plain, ...idle]),
      sentence('Unknown and without effect', strange),
    ].flat()
  }
}

function sentence(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]
}
