import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A program of the benchmarks in a process of its own, ready. */
export interface Program<Ready> {
  readonly pid: number
  /** What the program said when it was ready. */
  readonly ready: Ready
  /** Asks what {@link Served.answer} knows. One question at a time. */
  ask(question: string): Promise<unknown>
  /** Ends it and waits for its end. */
  stop(): Promise<void>
}

/** What a program gives its host: what it is, and how it ends. */
export interface Served<Ready> {
  readonly ready: Ready
  /** Answers a question of the host, if there are any; anything that JSON can say. */
  answer?(question: string): unknown
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
  return { pid: child.pid ?? 0, ready, ask: (question) => ask(child, question), stop: () => end(child) }
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
  // Ctrl-C, and what ends the host by its time limit, reach the whole process group: the host's end is ours.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
  process.on('message', (question: string) => process.send?.({ answer: served.answer?.(question) }))
  process.send?.(served.ready)
}

async function ask(child: ChildProcess, question: string): Promise<unknown> {
  const answered = once(child, 'message') as Promise<[{ readonly answer?: unknown }]>
  child.send(question)
  return (await answered)[0].answer
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  if (child.connected) child.disconnect()
  await ended
}
