import type { Environment } from '../../invoker/config/openwhisk.ts'
import type { Command } from './command.ts'

/**
 * The line to type when npm kept an option for itself: `npm start --port=3234` gives npm a setting `port` and the script
 * nothing; with a space instead of `=` the setting is "true" and the script gets the bare word 3234.
 * Undefined where nothing was kept.
 * @param words what the script did get
 */
export function lineForSwallowed(command: Command, env: Environment, words: readonly string[]): string | undefined {
  const script = env.npm_lifecycle_event
  if (script === undefined) return undefined
  const left = [...words]
  const kept = Object.entries(command.options).flatMap(([name, { value }]) => {
    const given = env[`npm_config_${name.replaceAll('-', '_').toLowerCase()}`]
    if (!given) return []
    return [value ? `--${name} ${given === 'true' ? takeValue(left, value) : given}` : `--${name}`]
  })
  if (kept.length === 0) return undefined
  return `${['start', 'test'].includes(script) ? 'npm' : 'npm run'} ${script} -- ${kept.join(' ')}`
}

/** Takes the first word that can be the value: of a port or an id only a number can, and it can be nothing else's. */
function takeValue(words: string[], value: string): string {
  const isNumber = value === 'PORT' || value === 'N'
  const index = words.findIndex((word) => /^\d+$/.test(word) === isNumber)
  return index < 0 ? value : (words.splice(index, 1)[0] ?? value)
}
