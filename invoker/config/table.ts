import type { Setting, SettingGroup } from './setting.ts'
import { api } from './settings-api.ts'
import { images } from './settings-images.ts'
import { drain, invoker, log, whiskApi } from './settings-invoker.ts'
import { kafkaSecurity } from './settings-kafka-security.ts'
import { limits, throttles } from './settings-limits.ts'
import { kafka, userEvents } from './settings-messaging.ts'
import { containers, pool, runtimes } from './settings-pool.ts'
import { activations, blacklist, couch, journal, parameterStorage, store } from './settings-store.ts'

/** Every setting, once. What an operator may set, what the code may read and docs/configuration.md all come from here. */
export const table = {
  invoker,
  whiskApi,
  kafka,
  kafkaSecurity,
  userEvents,
  couch,
  store,
  activations,
  parameterStorage,
  blacklist,
  journal,
  pool,
  containers,
  runtimes,
  images,
  limits,
  api,
  throttles,
  log,
  drain,
} as const satisfies Readonly<Record<string, SettingGroup>>

/** Names of the groups. */
export type GroupName = keyof typeof table

/** The values of a group, by name. */
export type ValuesOf<G> = { readonly [K in keyof G]: G[K] extends Setting<infer T> ? T : never }

/** The values of the whole table. */
export type Values = { readonly [G in GroupName]: ValuesOf<(typeof table)[G]> }

/** One row of the table. */
export interface Row {
  readonly group: GroupName
  readonly name: string
  /** `pool.userMemoryMb` */
  readonly path: string
  readonly setting: Setting<unknown>
}

/** The rows of the table, in its order. */
export function rows(): readonly Row[] {
  return (Object.entries(table) as [GroupName, SettingGroup][]).flatMap(([group, settings]) =>
    Object.entries(settings).map(([name, setting]) => ({ group, name, path: `${group}.${name}`, setting })),
  )
}
