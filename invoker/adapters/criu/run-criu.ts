import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { within } from '../../lib/within.ts'
import type { Place } from '../../ports/empty-containers.ts'
import { type CriuProgram, openProgram, programEnv } from './program.ts'

/** How long the last words of a CRIU that failed may take: a process that it left may hold its stderr open. */
const LAST_WORDS_MS = 200
/** Moves itself into control groups, whose descriptors are its arguments up to `--`, and becomes the command behind that. */
const joinGroups = 'while [ "$1" != -- ]; do echo 0 >"/proc/self/fd/$1" || exit; shift; done; shift; exec "$@"'

/** CRIU did not do what it should. */
export class CriuError extends Error {
  /** Whether the process is to blame that it was to write or put back: it has what CRIU cannot do. */
  readonly isOfProcess: boolean

  constructor(how: string | number, said: string) {
    super(`CRIU ended with ${how}: ${lastErrors(said) || 'it said nothing'}`)
    this.isOfProcess = typeof how === 'number' && !said.includes('No space left')
  }
}

/** One run of CRIU in a container. */
export interface CriuRun {
  readonly program: CriuProgram
  readonly namespaces: Place['namespaces']
  /** Open `cgroup.procs` files of the control groups that it runs in; none: in ours. */
  readonly controlGroups: readonly number[]
  /** Descriptor of the directory of the image. */
  readonly images: number
  /** Further descriptors to pass. */
  readonly passed: readonly number[]
  /** A program with arguments that runs it; absent: none. */
  readonly through?: readonly string[]
  /** CRIU's arguments; they get the child's numbers of `passed`. */
  words(passed: readonly number[]): readonly string[]
}

/**
 * Runs CRIU among the processes, files and networks of a container, to its end. Where the signal aborts, what it had begun is left
 * to the end of the container. @throws CriuError with what it said; the signal's reason.
 */
export async function runCriu(run: CriuRun, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const open = openProgram(run.program)
  try {
    await finish(start(run, open), signal)
  } finally {
    open.close()
  }
}

function start(run: CriuRun, open: ReturnType<typeof openProgram>): ChildProcess {
  const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'ignore', 'pipe']
  const add = (...fds: readonly number[]): number[] => fds.map((fd) => stdio.push(fd) - 1)
  const [images = 0] = add(run.images)
  const [program = 0] = add(...open.fds)
  const namespaces = Object.entries({ ...run.namespaces, mount: run.namespaces.mnt })
    .filter(([name]) => name !== 'mnt')
    .map(([name, fd]) => `--${name}=/proc/self/fd/${add(fd)[0]}`)
  const groups = add(...run.controlGroups).map(String)
  const passed = add(...run.passed)
  const directory = `/proc/self/fd/${images}`
  const places = ['--images-dir', directory, '--libdir', directory]
  const words = ['nsenter', ...namespaces, '--', ...open.command(program), ...run.words(passed), ...places]
  return spawn('sh', ['-c', joinGroups, 'sh', ...groups, '--', ...(run.through ?? []), ...words], {
    stdio,
    env: programEnv,
  })
}

async function finish(child: ChildProcess, signal: AbortSignal): Promise<void> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4096)
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  signal.addEventListener('abort', kill)
  try {
    const closed = once(child, 'close')
    const [code, killedBy] = await once(child, 'exit')
    if (code === 0) return
    signal.throwIfAborted()
    await within(closed, AbortSignal.timeout(LAST_WORDS_MS))
    throw new CriuError(code ?? killedBy, said)
  } finally {
    signal.removeEventListener('abort', kill)
    child.stderr?.destroy()
  }
}

/** The last three errors, without where they stand in its sources. What it cannot probe is no failure of its own. */
function lastErrors(said: string): string {
  return said
    .split('\n')
    .map((line) => line.replace(/^(?:\(\d+\.\d+\) )?(?:pie: \d+: )?\s*(?:\d+: )?(?:Error \([^)]*\): )?/, '').trim())
    .filter((line) => line !== '' && !/^(tun: |rlimit: )/.test(line))
    .slice(-3)
    .join('; ')
}
