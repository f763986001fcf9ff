import type { SettingType } from './types.ts'

/** How the invoker runs: all in one with the REST API, or next to an OpenWhisk deployment. */
export type Mode = 'standalone' | 'invoker'

/** What a default may depend on. */
export interface Machine {
  readonly mode: Mode
  /** All memory of the machine. */
  readonly memoryMb: number
}

/** One setting. Texts are as an operator would write them; the type turns them into the value. */
export interface Setting<T> {
  readonly type: SettingType<T>
  /** What holds when nothing is set; empty means that nothing does. */
  readonly default: string
  /** What holds instead where the machine is known; undefined: the default. */
  readonly defaultOn?: (machine: Machine) => string | undefined
  /** What it does, in a sentence. */
  readonly says: string
  /**
   * Where OpenWhisk has the setting, best first (protocol reference 4.2, 4.3): a configuration key such as
   * `whisk.container-pool.user-memory`, or the name of a plain variable such as `KAFKA_HOSTS`.
   */
  readonly openwhisk?: readonly string[]
  /** The mode that cannot start without it. */
  readonly neededBy?: Mode
  /** The option of the command line that sets it, such as `--port`. */
  readonly option?: `--${string}`
  /** Its value is never shown. */
  readonly isSecret?: boolean
}

/** Settings that belong together; the keys are their names. */
export type SettingGroup = Readonly<Record<string, Setting<unknown>>>

/** Declares a setting, with the type of its value. */
export function setting<T>(type: SettingType<T>, declared: Omit<Setting<T>, 'type'>): Setting<T> {
  return { type, ...declared }
}

/**
 * Our variable for a setting: `pool.userMemoryMb` is set by `WARMWHISK_POOL_USER_MEMORY`. The unit at the end of the name goes,
 * since the text brings its own (`2048m`).
 */
export function ownVariable(group: string, name: string): string {
  const upper = (word: string) => word.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
  return `WARMWHISK_${upper(group)}_${upper(name.replace(/(Ms|Mb|Bytes)$/, ''))}`
}

/** OpenWhisk's variable for a key of `Setting.openwhisk`: `whisk.container-pool.user-memory` is `CONFIG_whisk_containerPool_userMemory`. */
export function openwhiskVariable(key: string): string {
  if (!key.includes('.')) return key
  const camel = key.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return `CONFIG_${camel.replaceAll('.', '_')}`
}

/** A part of the machine's memory in standalone, in whole units of 128 MB and within bounds; a drop-in keeps to the default. */
export function shareOfMachine(
  share: number,
  { atLeastMb, atMostMb = Infinity }: { readonly atLeastMb: number; readonly atMostMb?: number },
) {
  return ({ mode, memoryMb }: Machine): string | undefined => {
    if (mode !== 'standalone') return undefined
    const mb = Math.floor((memoryMb * share) / 128) * 128
    return `${Math.max(atLeastMb, Math.min(mb, atMostMb))}m`
  }
}
