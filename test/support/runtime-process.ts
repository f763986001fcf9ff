import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibc } from '../../invoker/adapters/kernel/libc.ts'
import { listenUnix, makePipe } from '../../invoker/adapters/kernel/sockets.ts'
import { launchHere } from '../../invoker/adapters/process/launch-here.ts'
import { launchFor, type RuntimeLaunch } from '../../invoker/domain/runtime-launch.ts'
import { eventually } from './eventually.ts'

/** The line that ends an activation on each stream (protocol reference 6.6). */
export const sentinel = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX'

/** A runtime as a plain process: what a container factory does, without a container. */
export interface RuntimeProcess {
  readonly socketPath: string
  readonly process: ChildProcess
  /** Its working directory. */
  readonly directory: string
  /** Everything it printed, so far. */
  readonly printed: { stdout: string; stderr: string }
  /** Resolves when each stream shows the sentinel at least `times`. */
  sentinels(times: number): Promise<void>
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>
  stop(): Promise<void>
}

const libc = openLibc()

/** Starts the runtime that `launch` describes, with its listening socket as descriptor 3 (runtimes/CONTRACT.md, C1). */
export function startRuntime(launch: RuntimeLaunch, env: Readonly<Record<string, string>> = {}): RuntimeProcess {
  const home = mkdtempSync(join(tmpdir(), 'ww-runtime-'))
  const directory = join(home, 'work')
  mkdirSync(directory)
  const socket = listenUnix(libc, join(home, 'control.sock'))
  const here = launchHere(launchFor(launch, 256))
  const [command = '', ...args] = here.command
  // Pipes as a factory makes them: those of child_process are sockets, which behave differently when user code closes them.
  const pipes = { stdout: makePipe(libc), stderr: makePipe(libc) }
  const child = spawn(command, args, {
    cwd: directory,
    env: { ...here.env, ...env, WARMWHISK_LISTEN_FD: '3' },
    stdio: ['ignore', pipes.stdout.writeFd, pipes.stderr.writeFd, socket.fd],
  })
  socket.release()
  const printed = { stdout: '', stderr: '' }
  const readers: Socket[] = []
  for (const name of ['stdout', 'stderr'] as const) {
    libc.close(pipes[name].writeFd)
    const reader = new Socket({ fd: pipes[name].readFd, readable: true, writable: false })
    reader.setEncoding('latin1').on('data', (text: string) => {
      printed[name] += text
    })
    readers.push(reader)
  }
  const exited = once(child, 'exit').then(
    ([code, signal]): number | string => (signal as string | null) ?? Number(code),
  )
  return {
    socketPath: socket.path,
    process: child,
    directory,
    printed,
    exited,
    sentinels: (times) =>
      eventually(`${times} sentinel(s) on both streams`, () =>
        [printed.stdout, printed.stderr].every((text) => text.split(sentinel).length > times),
      ),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exited
      for (const reader of readers) reader.destroy()
      socket.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
