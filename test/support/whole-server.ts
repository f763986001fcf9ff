import { join } from 'node:path'
import { runUserCommand } from '../../deploy/standalone/run-user-command.ts'
import { type Standalone, startStandalone } from '../../deploy/standalone/start.ts'
import { readConfig } from '../../invoker/config/read-config.ts'
import { tempDirectory } from './temp-directory.ts'

/** A whole standalone server in this process, on a free port and an empty data directory. */
export interface WholeServer extends Standalone {
  /** Carries out the words behind `warmwhisk user`, and gives what they print. */
  user(words: readonly string[]): Promise<readonly string[]>
}

/** How a server differs from a usual one: settings by their names, and what it tells of its build. */
export interface ServerOptions {
  readonly settings?: Readonly<Record<string, string>>
  readonly build?: { readonly date: string; readonly number: string }
}

const root = join(import.meta.dirname, '../..')
const graceMs = 5_000

/** Starts a server, does the work, and stops it again: no container outlives the call. */
export async function withServer<T>(options: ServerOptions, work: (server: WholeServer) => Promise<T>): Promise<T> {
  const server = await startServer(options)
  try {
    return await work(server)
  } finally {
    await server.stop(graceMs)
  }
}

/** Starts a server for several tests. With `stop` go its containers and its data directory. */
export async function startServer(options: ServerOptions): Promise<WholeServer> {
  const directory = await tempDirectory()
  const settings = { 'api.port': '0', 'store.dataDir': directory.path, 'log.level': 'error', ...options.settings }
  const overrides = Object.entries(settings).map(([name, value]) => [name, { variable: name, value }] as const)
  const config = readConfig({}, { mode: 'standalone', overrides: Object.fromEntries(overrides) })
  const { build } = options
  try {
    const server = await startStandalone(config, { root, env: {}, ...(build === undefined ? {} : { build }) })
    const stop = (ms: number): Promise<void> => server.stop(ms).finally(() => directory.remove())
    return { ...server, stop, user: (words) => runUser(directory.path, words) }
  } catch (error) {
    await directory.remove()
    throw error
  }
}

async function runUser(dataDir: string, words: readonly string[]): Promise<readonly string[]> {
  const printed: string[] = []
  const complained: string[] = []
  const exitCode = await runUserCommand(words, {
    dataDir,
    openSubjects: () => Promise.reject(new Error('Cannot run the command: no server runs')),
    print: (line) => printed.push(line),
    complain: (line) => complained.push(line),
  })
  if (exitCode !== 0) throw new Error(complained.join('\n'))
  return printed
}
