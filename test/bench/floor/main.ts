import { inTurn } from '../../../invoker/adapters/kafka/partitioner.ts'
import { benchActions } from '../lib/actions.ts'
import { benchKafka } from '../lib/kafka.ts'
import { serveProgram } from '../lib/program.ts'
import { RuntimeConnection } from '../lib/runtime-connection.ts'
import type { Sockets } from '../lib/sockets.ts'
import { consume } from './consume.ts'
import { IdleContainers } from './idle-containers.ts'
import { FloorInvoker } from './invoker.ts'
import { Lane } from './lane.ts'
import { RecordStore } from './record-store.ts'

interface Settings {
  readonly hosts: string
  readonly topic: string
  /** URL of the database for records. */
  readonly activations: string
  readonly sockets: Sockets
}

/** The floor: the yardstick of the invoker through Kafka, in its own process. */
await serveProgram<Settings, 'ready'>(async ({ hosts, topic, activations, sockets }) => {
  const client = benchKafka(hosts, 'floor')
  const producer = client.producer({ createPartitioner: inTurn })
  await producer.connect()
  const records = new RecordStore(new URL(activations))
  const connections = benchActions.map(({ name, kind }) => ({
    name,
    kind,
    all: (sockets[name] ?? []).map((path) => new RuntimeConnection(path)),
  }))
  const invoker = new FloorInvoker({
    containers: Object.fromEntries(
      connections.map(({ name, kind, all }) => [name, { kind, idle: new IdleContainers(all) }]),
    ),
    records,
    acks: new Lane(producer, 'completed0'),
  })
  const stopConsuming = await consume({
    kafka: client,
    topic,
    handle: (value) => invoker.handle(value),
    // There is no recovering in a yardstick: the host sees the end and ends the benchmark.
    onFailure: (error) => {
      console.error(error)
      process.exit(1)
    },
  })
  return {
    ready: 'ready',
    stop: async () => {
      await stopConsuming()
      await producer.disconnect()
      await records.close()
      await Promise.all(connections.flatMap(({ all }) => all.map((connection) => connection.close())))
    },
  }
})
