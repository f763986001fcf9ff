import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The product in its own process, as users start it. */
export interface Product {
  readonly pid: number
  /** What it has printed so far. */
  printed(): string
  /** Sends SIGTERM and waits for its end. */
  stop(): Promise<void>
}

/** How to start it. */
export interface ProductOptions {
  /** Words of the command line after `warmwhisk`. */
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Folder that takes what it prints. */
  readonly folder: string
}

/**
 * Starts `warmwhisk` of this checkout with nothing in its environment but the way to programs and what is given. Its
 * output goes to a file, as under a service manager. It is told to end when we die, however we die; when it ends by
 * itself, the whole benchmark ends: there is nothing left to measure.
 */
export function startProduct({ words, env, folder }: ProductOptions): Product {
  const output = join(folder, `${words[0]}.log`)
  const file = openSync(output, 'w')
  const command = [process.execPath, 'deploy/cli/warmwhisk.mjs', ...words]
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...command], {
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    stdio: ['ignore', file, file],
  })
  const printed = (): string => readFileSync(output, 'utf8')
  const endedEarly = (code: number | null): never => {
    throw new Error(`Cannot go on: "warmwhisk ${words.join(' ')}" ended with ${code}\n${printed().slice(-4000)}`)
  }
  child.once('exit', endedEarly)
  return { pid: child.pid ?? 0, printed, stop: () => end(child, endedEarly) }
}

async function end(child: ChildProcess, endedEarly: (code: number | null) => never): Promise<void> {
  child.off('exit', endedEarly)
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
