import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isFault } from '../../invoker/faults/fault.ts'
import { type Command, type Surroundings, UsageError } from './command.ts'
import { helpOf, helpOfAll } from './help.ts'
import { findCommand, parseGiven } from './parse.ts'
import { lineForSwallowed } from './swallowed.ts'

/**
 * Runs one command line and gives the exit code: 0 done, 1 it failed, 2 the line is wrong.
 * @throws what no one expected: a mistake of ours, with its stack
 */
export async function runLine(
  args: readonly string[],
  options: { readonly commands: readonly Command[]; readonly around: Surroundings },
): Promise<number> {
  const { commands, around } = options
  try {
    return await dispatch(args, commands, around)
  } catch (error) {
    if (!(error instanceof UsageError || isFault(error))) throw error
    around.complain(error.message)
    return error instanceof UsageError ? 2 : 1
  }
}

async function dispatch(args: readonly string[], commands: readonly Command[], around: Surroundings): Promise<number> {
  const [first, ...rest] = args
  if (first === '--version') {
    around.print(versionOf(around.root))
    return 0
  }
  if (first === undefined || first === '--help' || first === '-h') {
    around.print(helpOfAll(commands))
    return first === undefined ? 2 : 0
  }
  if (first.startsWith('-'))
    throw new UsageError(`Cannot read "${first}": a command comes first, "warmwhisk --help" lists them`)
  const command = findCommand(commands, first)
  const line = lineForSwallowed(command, around.env, rest)
  if (line) throw new UsageError(`Cannot read the options: npm kept them for itself, they come after "--":\n  ${line}`)
  const given = parseGiven(command, rest)
  if (given.options.help) {
    around.print(helpOf(command))
    return 0
  }
  return await command.run(given, around)
}

function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
  return version
}
