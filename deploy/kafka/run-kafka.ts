import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Broker, startBroker } from './broker.ts'
import { ensureJars } from './jars.ts'

const usage = `Usage: npm run kafka -- [--port 9092] [--data-dir DIRECTORY]
Starts Apache Kafka on loopback. Without --data-dir it keeps nothing.`

/** `npm run kafka`: a broker in the foreground until Ctrl-C or SIGTERM. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '9092' }, 'data-dir': { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) return console.log(usage)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`Cannot listen on port "${values.port}": a number from 0 to 65535 is expected`)
  }
  const root = path.resolve(import.meta.dirname, '../..')
  const toolsDirectory = process.env.WARMWHISK_TOOLS ?? path.join(root, '.warmwhisk', 'tools')
  const jarsDirectory = await ensureJars({ pom: path.join(root, 'deploy/kafka/pom.xml'), toolsDirectory })
  const temporary = values['data-dir'] === undefined ? mkdtempSync(path.join(tmpdir(), 'warmwhisk-kafka-')) : undefined
  const remove = () => temporary !== undefined && rmSync(temporary, { recursive: true, force: true })
  process.on('exit', remove)
  const stopAsked = new Promise<'stop'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve('stop'))
  })
  const broker = await startBroker({
    jarsDirectory,
    log4jProperties: path.join(root, 'deploy/kafka/log4j.properties'),
    dataDirectory: values['data-dir'] ?? temporary ?? '',
    port,
  })
  console.log(`Kafka answers on ${broker.hosts}; Ctrl-C stops it`)
  await runUntil(broker, stopAsked)
}

async function runUntil(broker: Broker, stopAsked: Promise<'stop'>): Promise<void> {
  if ((await Promise.race([stopAsked, broker.ended])) === 'stop') return broker.stop()
  throw new Error('The broker ended by itself')
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
