import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { type Config, readConfig } from '../../invoker/config/read-config.ts'
import type { Mode } from '../../invoker/config/setting.ts'
import type { Overrides } from '../../invoker/config/sources.ts'
import { MiB } from '../../invoker/domain/size.ts'
import { type Command, type Given, type Surroundings, UsageError } from './command.ts'

/** The configuration for a command: its options above the environment. @throws Fault SETTINGS_WRONG with every problem. */
export function settingsFor(
  mode: Mode,
  what: { readonly command: Pick<Command, 'options'>; readonly given: Given; readonly around: Surroundings },
): Config {
  const machineMb = Math.floor(totalmem() / MiB)
  return readConfig(what.around.env, { mode, overrides: overridesOf(what.command, what.given), machineMb })
}

/** What options set. A blank value counts as absent (protocol reference 4.1). */
export function overridesOf(command: Pick<Command, 'options'>, given: Given): Overrides {
  const set = Object.entries(command.options).flatMap(([name, { sets }]) => {
    const value = given.options[name]
    if (!sets || typeof value !== 'string' || value.trim() === '') return []
    return [[sets, { variable: `--${name}`, value: sets === 'runtimes.manifest' ? readManifest(value) : value }]]
  })
  return Object.fromEntries(set)
}

function readManifest(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(
      `Cannot read the runtimes manifest "${file}": ${error instanceof Error ? error.message : error}`,
    )
  }
}
