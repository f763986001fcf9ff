import { join } from 'node:path'
import { type Broker, startBroker } from '../../../deploy/kafka/broker.ts'
import { ensureJars } from '../../../deploy/kafka/jars.ts'

/** Starts a Kafka broker for one benchmark; its data goes below `folder`. */
export async function benchBroker(folder: string): Promise<Broker> {
  const toolsDirectory = process.env.WARMWHISK_TOOLS ?? join('.warmwhisk', 'tools')
  return startBroker({
    jarsDirectory: await ensureJars({ pom: 'deploy/kafka/pom.xml', toolsDirectory }),
    log4jProperties: 'deploy/kafka/log4j.properties',
    dataDirectory: join(folder, 'kafka'),
    port: 0,
  })
}
