import { parseArgs } from 'node:util'
import { Shutdown } from '../../../invoker/lib/shutdown.ts'
import { benchActions } from '../lib/actions.ts'
import { prepareStore } from '../lib/bench-store.ts'
import { benchBroker } from '../lib/broker.ts'
import { ControllerPeer } from '../lib/controller-peer.ts'
import { benchFolder } from '../lib/folder.ts'
import { benchKafka } from '../lib/kafka.ts'
import { startProgram } from '../lib/program.ts'
import { publish } from '../lib/publish.ts'
import type { Figure } from '../lib/result.ts'
import type { Sockets } from '../lib/sockets.ts'
import { type Comparison, compareSides, floorContainers, measureMemory } from './compare.ts'
import { fullPlan, quickPlan } from './plan.ts'
import { topics } from './sides.ts'

/**
 * `npm run bench:kafka`: the warm path through Kafka against the floor program, with a real broker and a stub store; with
 * COUCHDB_URL also with a real CouchDB. `--quick` only tries it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
  const shutdown = new Shutdown()
  try {
    const figures = await measureAll(shutdown, values.quick)
    const [first, ...others] = figures
    if (first === undefined) throw new Error('Cannot publish: nothing was measured')
    await publish({
      name: 'kafka',
      title: 'Warm path through Kafka',
      baseline: 'the floor',
      figures: [first, ...others],
      isQuick: values.quick,
    })
  } finally {
    await shutdown.stop(60_000)
  }
}

async function measureAll(shutdown: Shutdown, isQuick: boolean): Promise<readonly Figure[]> {
  const folder = benchFolder()
  const broker = shutdown.own('broker', await benchBroker(folder))
  const settings = { actions: benchActions, count: floorContainers }
  const containers = shutdown.own('containers', await startProgram<{ sockets: Sockets }>('containers', settings))
  const sink = shutdown.own('sink', await startProgram<{ url: string }>('sink', {}))
  const kafka = benchKafka(broker.hosts, 'controller0')
  const peer = shutdown.own('peer', await ControllerPeer.connect(kafka, Object.values(topics)))
  const common = {
    peer,
    sockets: containers.ready.sockets,
    plan: isQuick ? quickPlan : fullPlan,
    report: (line: string) => console.error(line),
  }
  const on = async (address: string, store?: string): Promise<Comparison> => ({
    ...common,
    site: { hosts: broker.hosts, store: await prepareStore(address), folder },
    ...(store === undefined ? {} : { store }),
  })
  const stub = await on(sink.ready.url)
  const figures = [...(await compareSides(stub)), ...(await measureMemory(stub))]
  await checkRecords(sink.ready.url, peer.sent)
  const address = process.env.COUCHDB_URL
  if (!address) return figures
  const couch = await on(address, 'CouchDB')
  try {
    return [...figures, ...(await compareSides(couch))]
  } finally {
    await couch.site.store.remove()
  }
}

/** Who stores nothing is fast: each activation must have left its record. */
async function checkRecords(sink: string, sent: number): Promise<void> {
  const { records } = (await (await fetch(`${sink}/_records`)).json()) as { readonly records: number }
  if (records !== sent) throw new Error(`Cannot publish: ${sent} activations left ${records} records`)
}

await main()
