import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from './free-port.ts'
import { installLine } from './jars.ts'
import { serverProperties } from './server-properties.ts'

/** A broker process that answers on `hosts`. */
export interface Broker {
  readonly hosts: string
  readonly port: number
  readonly pid: number
  /** Ends it in order, and by force after ten seconds. */
  stop(): Promise<void>
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
}

/** What a broker needs. Port 0 takes a free one. */
export interface BrokerOptions {
  readonly jarsDirectory: string
  readonly log4jProperties: string
  readonly dataDirectory: string
  readonly port: number
}

const startTimeoutMs = 60_000
const stopTimeoutMs = 10_000

/**
 * Formats the data directory unless it is, starts Kafka in KRaft mode with a heap of 512 MB, and waits until it is up.
 * The process dies with ours, however ours dies.
 * @throws Error with the last lines that the broker printed when it does not come up
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const dataDirectory = path.resolve(options.dataDirectory)
  mkdirSync(dataDirectory, { recursive: true })
  const port = options.port === 0 ? await freePort() : options.port
  const properties = path.join(dataDirectory, 'server.properties')
  writeFileSync(properties, serverProperties({ port, controllerPort: await freePort(), dataDirectory }))
  const run = (...words: string[]) => java(options, words)
  if (!existsSync(path.join(dataDirectory, 'log', 'meta.properties'))) await format(run, properties)
  return untilUp(run('kafka.Kafka', properties), port)
}

function java(options: BrokerOptions, words: readonly string[]): ChildProcess {
  const jvm = ['-Xmx512m', '-XX:+UseSerialGC', `-Dlog4j.configuration=file:${path.resolve(options.log4jProperties)}`]
  const command = ['java', ...jvm, '-cp', `${options.jarsDirectory}/*`, ...words]
  // setpriv (util-linux) ties the broker's life to ours: a killed test run leaves no broker behind.
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function format(run: (...words: string[]) => ChildProcess, properties: string): Promise<void> {
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(16)))
  // An id that begins with "-" would be taken for an option; with the highest bit off it begins with a letter.
  const clusterId = random.fill(random.readUInt8(0) & 0x7f, 0, 1).toString('base64url')
  // An id may begin with a hyphen, and would be taken for an option as a word of its own.
  const child = run('kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '--config', properties)
  const printed = collect(child)
  const code = await exitOf(child)
  if (code !== 0) throw new Error(`Cannot format the directory of the broker: ${reason(code, printed())}`)
}

async function untilUp(child: ChildProcess, port: number): Promise<Broker> {
  const printed = collect(child)
  const exit = exitOf(child)
  const up = new Promise<'up'>((resolve) => {
    child.stdout?.on('data', () => printed().includes('Kafka Server started') && resolve('up'))
  })
  const tooLate = AbortSignal.timeout(startTimeoutMs)
  const first = await Promise.race([up, exit, once(tooLate, 'abort').then(() => 'late' as const)])
  if (first !== 'up') {
    child.kill('SIGKILL')
    throw new Error(
      `Cannot start the broker on port ${port}: ${first === 'late' ? 'it takes too long' : reason(first, printed())}`,
    )
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    const force = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await exit
    clearTimeout(force)
  }
  return {
    hosts: `127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    ended: exit.then(() => undefined),
  }
}

/** The exit code, the signal's name, or why the process did not start. Never rejects. */
function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
}

/** Keeps the last 4,000 characters that a process prints. */
function collect(child: ChildProcess): () => string {
  let kept = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      kept = (kept + String(chunk)).slice(-4000)
    })
  }
  return () => kept
}

function reason(code: number | string, printed: string): string {
  if (code === 127 || /ENOENT|failed to execute java/.test(`${code} ${printed}`)) {
    return `"java" does not start; run: ${installLine}`
  }
  return `it ended with ${code}\n${printed.trim()}`
}
