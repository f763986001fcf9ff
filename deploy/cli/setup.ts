import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { nearest } from '../../invoker/lib/nearest.ts'
import { type Given, type Surroundings, UsageError } from './command.ts'

/** What deploy/setup/setups.mjs holds: it runs before anything is compiled, so it has no types of its own. */
interface Setup {
  readonly name: string
  readonly says: string
  /** What is missing of it, as names for people. */
  lacking(root: string): readonly string[]
  /** Completes it as far as this user may; gives what is lacking still. Says on stderr what takes its time. */
  setUp(root: string): readonly string[]
}

/** `warmwhisk setup`: makes something ready that is not needed to run; without a word it lists what there is. */
export async function runSetup({ words }: Given, around: Surroundings): Promise<number> {
  const file = pathToFileURL(path.join(around.root, 'deploy', 'setup', 'setups.mjs')).href
  const { setups } = (await import(file)) as { readonly setups: readonly Setup[] }
  const [name, tooMany] = words
  if (name === undefined) {
    for (const setup of setups) around.print(row(setup, around.root))
    return 0
  }
  const setup = setups.find((one) => one.name === name)
  if (setup === undefined) throw unknown(name, setups)
  if (tooMany !== undefined) throw new UsageError(`Cannot set up "${name} ${tooMany}": one name at a time`)
  const isReady = setup.lacking(around.root).length === 0
  const lacking = setup.setUp(around.root)
  if (lacking.length > 0) {
    around.complain(`Cannot set up "${name}": still missing are ${lacking.join(', ')}`)
    return 1
  }
  around.print(`${name} is ready${isReady ? '' : '; a server that runs already needs a restart to see all of it'}`)
  return 0
}

function row(setup: Setup, root: string): string {
  const lacking = setup.lacking(root)
  return `${setup.name}: ${setup.says}; ${lacking.length > 0 ? `missing: ${lacking.join(', ')}` : 'ready'}`
}

function unknown(name: string, setups: readonly Setup[]): UsageError {
  const names = setups.map((setup) => setup.name)
  const guess = nearest(name, names)
  return new UsageError(
    `Cannot set up "${name}": ${guess ? `did you mean "${guess}"? ` : ''}what can be set up is ${names.join(', ')}`,
  )
}
