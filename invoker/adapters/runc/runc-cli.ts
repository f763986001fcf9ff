import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** How long runc may go on when nobody wants its result any more; it needs some ten milliseconds, if the machine is well. */
const FINISH_MS = 10_000

/** The `runc` program, with a state directory of our own. Its messages go to a log file, never to the container's streams. */
export class RuncCli {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /**
   * Makes a container from a bundle and starts its first process; gives the host's id of it. Its streams are `/dev/null` where
   * `stdio` is absent; descriptors after the third keep their numbers. @throws Error with runc's message.
   */
  async run(
    id: string,
    options: { readonly bundle: string; readonly signal: AbortSignal; readonly stdio?: readonly number[] },
  ): Promise<number> {
    const { bundle, signal, stdio = [] } = options
    const pidFile = join(bundle, 'init.pid')
    const words = ['run', '--detach', '--bundle', bundle, '--pid-file', pidFile, ...preserve(stdio), id]
    await this.#call(words, { bundle, signal, stdio: stdio.length === 0 ? 'ignore' : ['ignore', ...stdio] })
    return Number(readFileSync(pidFile, 'utf8'))
  }

  /**
   * Starts one more process in a container, as `process.json` of the bundle says, and gives the host's id of it.
   * Descriptors after the third of `stdio` keep their numbers. @throws Error with runc's message.
   */
  async exec(
    id: string,
    options: { readonly bundle: string; readonly stdio: readonly number[]; readonly signal: AbortSignal },
  ): Promise<number> {
    const { bundle, stdio, signal } = options
    const pidFile = join(bundle, 'runtime.pid')
    const process = join(bundle, 'process.json')
    const words = ['exec', '--detach', '--process', process, '--pid-file', pidFile, ...preserve(stdio), id]
    await this.#call(words, { bundle, signal, stdio: ['ignore', ...stdio] })
    return Number(readFileSync(pidFile, 'utf8'))
  }

  /** Removes a container, ended or not; one that does not exist is no error. */
  async delete(id: string, bundle: string): Promise<void> {
    await this.#call(['delete', '--force', id], { bundle, signal: undefined })
  }

  async #call(
    words: readonly string[],
    options: { readonly bundle: string; readonly signal: AbortSignal | undefined; readonly stdio?: StdioOptions },
  ): Promise<void> {
    const log = join(options.bundle, 'runc.log')
    const child = spawn('runc', ['--root', this.#root, '--log', log, '--log-format', 'json', ...words], {
      stdio: options.stdio ?? 'ignore',
      // Nothing of our own environment: it holds secrets.
      env: { PATH: '/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin:/sbin:/bin' },
    })
    const [code, killedBy] = await endOf(child, options.signal)
    if (code !== 0)
      throw new Error(`Cannot ${words[0]} a container: ${lastMessage(log) ?? `runc ended with ${code ?? killedBy}`}`)
  }
}

/** Tells runc how many descriptors to pass on after the streams; `stdio` is without stdin. */
function preserve(stdio: readonly number[]): string[] {
  return stdio.length > 2 ? ['--preserve-fds', String(stdio.length - 2)] : []
}

/**
 * The exit code and the signal of runc. When the caller gives up, runc may finish its work, for a while: one that is killed
 * half-way leaves processes that nobody knows.
 */
async function endOf(child: ChildProcess, signal: AbortSignal | undefined): Promise<unknown[]> {
  let kill: NodeJS.Timeout | undefined
  const giveUp = (): void => {
    kill = setTimeout(() => child.kill('SIGKILL'), FINISH_MS)
  }
  signal?.addEventListener('abort', giveUp)
  try {
    return await once(child, 'exit')
  } finally {
    signal?.removeEventListener('abort', giveUp)
    clearTimeout(kill)
  }
}

/** The last error of runc's log: one JSON object a line. */
function lastMessage(log: string): string | undefined {
  try {
    const last = readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? ''
    const { msg } = JSON.parse(last)
    return typeof msg === 'string' ? msg : undefined
  } catch {
    // No log, or a broken line: the exit code is all there is to tell.
    return undefined
  }
}
