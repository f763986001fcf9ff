import type { Surroundings } from './command.ts'
import { commandsFor } from './commands.ts'
import { runLine } from './main.ts'
import { programs } from './programs.ts'

/**
 * Runs the command line of this process and sets its exit code.
 * @param root the checkout
 */
export async function runProcess(root: string): Promise<void> {
  const around: Surroundings = {
    root,
    env: process.env,
    signals: process,
    print: (text) => process.stdout.write(`${text}\n`),
    complain: (text) => process.stderr.write(`${text}\n`),
  }
  process.exitCode = await runLine(process.argv.slice(2), { commands: commandsFor(programs), around })
}
