import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A program of the benchmarks in a process of its own, ready. */
export interface Program<Ready> {
  readonly pid: number
  /** What the program said when it was ready. */
  readonly ready: Ready
  /** Ends it and waits for its end. */
  stop(): Promise<void>
}

/** What a program gives its host: what it is, and how it ends. */
export interface Served<Ready> {
  readonly ready: Ready
  stop(): Promise<void>
}

/**
 * Starts `test/bench/<name>/main`, from sources or compiled as the caller is, and waits until it is ready.
 * @throws Error when it ends before that.
 */
export async function startProgram<Ready>(name: string, settings: unknown): Promise<Program<Ready>> {
  const script = new URL(`../${name}/main${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const child = fork(script, [JSON.stringify(settings)])
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => message as Ready),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`Cannot start "${name}": it ended with ${code}`))),
  ])
  return { pid: child.pid ?? 0, ready, stop: () => end(child) }
}

/**
 * The program's side: starts what `start` makes of the settings, tells the host, and ends with it: when the channel
 * closes, for whatever reason, so that a killed benchmark leaves nothing running.
 */
export async function serveProgram<Settings, Ready>(
  start: (settings: Settings) => Promise<Served<Ready>>,
): Promise<void> {
  const served = await start(JSON.parse(process.argv[2] ?? '{}') as Settings)
  process.once('disconnect', () => {
    served.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  // Ctrl-C reaches the whole process group: the host decides when its programs end.
  process.on('SIGINT', () => undefined)
  process.send?.(served.ready)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  if (child.connected) child.disconnect()
  await ended
}
