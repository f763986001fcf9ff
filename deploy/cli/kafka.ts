import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startBroker } from '../kafka/broker.ts'
import { ensureJars } from '../kafka/jars.ts'
import { type Given, type Running, type Surroundings, UsageError } from './command.ts'
import { serve } from './serve.ts'

/** `warmwhisk kafka`: a broker in the foreground until Ctrl-C or SIGTERM. Without --data-dir it keeps nothing. */
export async function runKafka(given: Given, around: Surroundings): Promise<number> {
  const port = Number(given.options.port ?? 9092)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UsageError(`Cannot listen on port "${given.options.port}": expected a number from 0 to 65535`)
  }
  return await serve(() => start(port, given.options['data-dir'], around), { graceMs: 0, signals: around.signals })
}

async function start(port: number, dataDir: string | true | undefined, around: Surroundings): Promise<Running> {
  const toolsDirectory = around.env.WARMWHISK_TOOLS || path.join(around.root, '.warmwhisk', 'tools')
  const folder = path.join(around.root, 'deploy', 'kafka')
  const jarsDirectory = await ensureJars({ pom: path.join(folder, 'pom.xml'), toolsDirectory })
  const temporary = typeof dataDir === 'string' ? undefined : mkdtempSync(path.join(tmpdir(), 'warmwhisk-kafka-'))
  const remove = () => temporary && rmSync(temporary, { recursive: true, force: true })
  process.once('exit', remove)
  const broker = await startBroker({
    jarsDirectory,
    log4jProperties: path.join(folder, 'log4j.properties'),
    dataDirectory: temporary ?? String(dataDir),
    port,
  })
  around.print(`Kafka answers on ${broker.hosts}; Ctrl-C stops it`)
  return { stop: () => broker.stop(), ended: broker.ended }
}
