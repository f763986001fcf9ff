import path from 'node:path'
import { startBroker } from '../../deploy/kafka/broker.ts'
import { ensureJars } from '../../deploy/kafka/jars.ts'

/** A program that starts a broker and stays: to be killed by a test. Arguments: tools directory, data directory. */
const [toolsDirectory = '', dataDirectory = ''] = process.argv.slice(2)
const folder = path.resolve(import.meta.dirname, '../../deploy/kafka')
try {
  const jarsDirectory = await ensureJars({ pom: path.join(folder, 'pom.xml'), toolsDirectory })
  const log4jProperties = path.join(folder, 'log4j.properties')
  const broker = await startBroker({ jarsDirectory, log4jProperties, dataDirectory, port: 0 })
  console.log(broker.port)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
