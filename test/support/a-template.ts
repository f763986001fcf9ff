import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeSocketPair, sendWithDescriptors } from '../../invoker/adapters/kernel/descriptors.ts'
import { openLibc } from '../../invoker/adapters/kernel/libc.ts'
import { launchHere } from '../../invoker/adapters/process/launch-here.ts'
import { isJsonObject, type JsonObject } from '../../invoker/domain/json.ts'
import { type Deferred, deferred } from '../../invoker/lib/deferred.ts'
import { launchHere as launchOf, runtimesFolder } from './runtime-languages.ts'

/** Folder of tiny packages that do in a template what they should not, or should. */
export const packagesFolder = resolve(import.meta.dirname, 'packages')

/** The template process of the `fork` engine as a plain process, spoken to as an engine speaks (runtimes/CONTRACT.md, C33). */
export interface TemplateUnderTest {
  readonly process: ChildProcess
  /** A directory that every user may enter. */
  readonly home: string
  /** Everything it printed so far, both streams. */
  readonly printed: { text: string }
  /** What it said of its imports. */
  readonly progress: readonly JsonObject[]
  /** Restored children that it said have ended, with their wait status. */
  readonly ended: ReadonlyMap<number, number>
  /** A number that it has not seen yet. */
  nextId(): number
  /** Sends a message and gives its answer; rejects when the template is gone. */
  ask(message: JsonObject, descriptors?: readonly number[]): Promise<JsonObject>
  /** Closes the control socket. */
  hangUp(): void
  stop(): Promise<void>
}

const libc = openLibc()

/** Starts a template of the kind `python:3`. Stop it. */
export async function aTemplate(env: Readonly<Record<string, string>> = {}): Promise<TemplateUnderTest> {
  const launch = launchHere(await launchOf('python:3'))
  const [program = '', ...args] = launch.command.map((word) =>
    word.endsWith('/python/main.py') ? join(runtimesFolder, 'python/template.py') : word,
  )
  const pair = makeSocketPair(libc)
  const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
  const home = mkdtempSync(join(tmpdir(), 'ww-template-'))
  chmodSync(home, 0o755)
  const child = spawn(program, args, {
    cwd: '/',
    env: { ...launch.env, ...oneThread, PYTHONPATH: packagesFolder, ...env },
    stdio: ['ignore', 'pipe', 'pipe', pair.theirs],
  })
  closeSync(pair.theirs)
  const exited = once(child, 'exit')
  const printed = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed.text += text
    })
  }
  const channel = openChannel(pair.ours)
  let id = 0
  return {
    ...{ process: child, home, printed, progress: channel.progress, ended: channel.ended },
    nextId() {
      id += 1
      return id
    },
    ask(message, descriptors = []) {
      const bytes = Buffer.from(`${JSON.stringify(message)}\n`)
      const answer = channel.answer()
      if (descriptors.length === 0) channel.socket.write(bytes)
      else sendWithDescriptors(libc, pair.ours, { bytes, descriptors })
      return answer
    },
    hangUp: () => channel.socket.destroy(),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        // What a failed test has left: as long as it is not reaped, nobody else has its number.
        for (const pid of channel.forked) if (!channel.ended.has(pid)) process.kill(pid, 'SIGKILL')
        child.kill('SIGKILL')
      }
      await exited
      channel.socket.destroy()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function openChannel(fd: number) {
  const socket = new Socket({ fd, readable: true, writable: true })
  const progress: JsonObject[] = []
  const ended = new Map<number, number>()
  const forked = new Set<number>()
  const waiting: Deferred<JsonObject>[] = []
  let rest = ''
  socket.on('error', () => undefined) // The template died; the closed socket tells.
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const message of lines.map((line): unknown => JSON.parse(line)).filter(isJsonObject)) {
      if ('importing' in message) progress.push(message)
      else if ('ended' in message) ended.set(Number(message.ended), Number(message.status))
      else {
        if ('pid' in message) forked.add(Number(message.pid))
        waiting.shift()?.resolve(message)
      }
    }
  })
  socket.on('close', () => {
    for (const one of waiting.splice(0)) one.reject(new Error('The template is gone'))
  })
  return {
    ...{ socket, progress, ended, forked },
    /** Answers come in the order of requests. */
    answer(): Promise<JsonObject> {
      const one = deferred<JsonObject>()
      if (socket.destroyed) one.reject(new Error('The template is gone'))
      else waiting.push(one)
      return one.promise
    },
  }
}

/** A directory below the template's own that any user may write to. */
export function workDirectory(template: TemplateUnderTest, name: string): string {
  const directory = join(template.home, name)
  mkdirSync(directory)
  chmodSync(directory, 0o777)
  return directory
}

/** Descriptors of this process's own namespaces, in the order of a `restore`. */
export function ownNamespaces(): number[] {
  return ['pid', 'mnt', 'cgroup', 'uts', 'ipc', 'net'].map((name) => openSync(`/proc/self/ns/${name}`, 'r'))
}
