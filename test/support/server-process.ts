import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from './run-program.ts'

/** A server in a process of its own, which dies with us. */
export interface ServerProcess {
  readonly pid: number
  /** Resolves when it has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  hasEnded(): boolean
  /** What it has printed so far. */
  printed(): string
  /** Sends a signal and waits for its end. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

/**
 * Starts a program of this checkout by Node.js with nothing in its environment but what is given, as a service manager does.
 * @param folder takes what it prints
 */
export function spawnServer(
  words: readonly string[],
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): ServerProcess {
  const output = join(folder, `${process.hrtime.bigint()}.log`)
  const file = openSync(output, 'w')
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, ...words], {
    cwd: checkout,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    stdio: ['ignore', file, file],
  })
  closeSync(file)
  const ended = endOf(child)
  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    printed: () => readFileSync(output, 'utf8'),
    end: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = await once(child, 'exit')
  return code ?? signal
}
