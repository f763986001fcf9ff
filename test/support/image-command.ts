import { EventEmitter } from 'node:events'
import type { Surroundings } from '../../deploy/cli/command.ts'
import { commandsFor } from '../../deploy/cli/commands.ts'
import { runImage } from '../../deploy/cli/image/image.ts'
import { runLine } from '../../deploy/cli/main.ts'
import { programs } from '../../deploy/cli/programs.ts'
import { checkout } from './run-program.ts'

/** What a command came to. */
export interface CommandEnd {
  readonly code: number
  readonly printed: string
  readonly complained: string
}

/** Runs `warmwhisk image …` for the server of a data directory. */
export function imagesOf(dataDir: string): (...args: readonly string[]) => Promise<CommandEnd> {
  return async (...args) => {
    const [printed, complained]: [string[], string[]] = [[], []]
    const around: Surroundings = {
      root: checkout,
      env: {},
      signals: new EventEmitter(),
      print: (text) => printed.push(text),
      complain: (text) => complained.push(text),
    }
    const commands = commandsFor({ ...programs, image: runImage })
    const code = await runLine(['image', ...args, '--data-dir', dataDir], { commands, around })
    return { code, printed: printed.join('\n'), complained: complained.join('\n') }
  }
}
