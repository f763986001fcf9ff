import { setFlagsFromString } from 'node:v8'
import type { Surroundings } from './command.ts'
import { commandsFor } from './commands.ts'
import { runLine } from './main.ts'
import { programs } from './programs.ts'

/**
 * How far the old generation of the heap grows before V8 collects it. By itself V8 lets a small heap grow fourfold: at a thousand
 * activations a second, each with some objects that outlive two collections of the young generation, that is 50 MB of garbage.
 */
const heapGrowingPercent = 30

/**
 * Runs the command line of this process and sets its exit code.
 * @param root the checkout
 */
export async function runProcess(root: string): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`)
  const around: Surroundings = {
    root,
    env: process.env,
    signals: process,
    print: (text) => process.stdout.write(`${text}\n`),
    complain: (text) => process.stderr.write(`${text}\n`),
    ...(process.stderr.isTTY ? { terminal: process.stderr } : {}),
  }
  process.exitCode = await runLine(process.argv.slice(2), { commands: commandsFor(programs), around })
}
