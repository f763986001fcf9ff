import { parseArgs } from 'node:util'
import { nearest } from '../../invoker/lib/nearest.ts'
import { type Command, type Given, UsageError } from './command.ts'

/** The command of that name. @throws UsageError that names the nearest one. */
export function findCommand(commands: readonly Command[], name: string): Command {
  const found = commands.find((command) => command.name === name)
  if (found) return found
  const names = commands.map((command) => command.name)
  throw new UsageError(`Cannot run "${name}": ${suggest(name, names)}the commands are ${names.join(', ')}`)
}

/** Reads what follows the command's name. @throws UsageError for an unknown option, a missing value or a word too many. */
export function parseGiven(command: Command, all: readonly string[]): Given {
  const [args, passed] = command.passesOptions ? ownAndPassed(command, all) : [all, []]
  const switches = { help: { type: 'boolean', short: 'h' } } as const
  const declared = Object.entries(command.options).map(([name, { value, short }]) => [
    name,
    { type: value ? 'string' : 'boolean', ...(short ? { short } : {}) } as const,
  ])
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...switches, ...Object.fromEntries(declared) },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const options: Record<string, string | true> = {}
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    else if (token.kind === 'option') options[token.name] = optionValue(command, token)
  }
  if (words.length > 0 && !command.words && !options.help) {
    throw new UsageError(`Cannot run "${command.name}" with "${words[0]}": it takes options only`)
  }
  return { options, words: [...words, ...passed] }
}

/** Parts the words of a command that reads options itself: those that we declare, and the rest just as it was typed. */
function ownAndPassed(command: Command, all: readonly string[]): [own: string[], passed: string[]] {
  const own: string[] = []
  const passed: string[] = []
  for (let index = 0; index < all.length; index += 1) {
    const word = all[index] ?? ''
    const declared = Object.entries(command.options).find(([name, { short }]) => {
      return word === `--${name}` || word.startsWith(`--${name}=`) || (short !== undefined && word === `-${short}`)
    })
    if (declared === undefined && word !== '--help' && word !== '-h') {
      passed.push(word)
      continue
    }
    own.push(word)
    const hasValueBehind = declared?.[1].value !== undefined && !word.includes('=') && index + 1 < all.length
    if (hasValueBehind) own.push(all[++index] ?? '')
  }
  return [own, passed]
}

function optionValue(
  command: Command,
  token: { readonly name: string; readonly rawName: string; readonly value: string | undefined },
): string | true {
  const option = token.name === 'help' ? { says: 'help' } : command.options[token.name]
  if (!option) {
    const names = ['help', ...Object.keys(command.options)].map((name) => `--${name}`)
    const guess = suggest(`--${token.name}`, names)
    throw new UsageError(
      `Cannot read the option "${token.rawName}": ${guess}"warmwhisk ${command.name} --help" lists them`,
    )
  }
  const { value } = option as { value?: string }
  if (!value) {
    if (token.value !== undefined)
      throw new UsageError(`Cannot read "${token.rawName}=${token.value}": it takes no value`)
    return true
  }
  if (token.value === undefined || token.value.startsWith('--')) {
    throw new UsageError(
      `Cannot read the option "${token.rawName}": its value is missing, as in "${token.rawName} ${value}"`,
    )
  }
  return token.value
}

function suggest(word: string, known: readonly string[]): string {
  const guess = nearest(word, known)
  return guess ? `did you mean "${guess}"? ` : ''
}
