import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { Shutdown } from '../../../invoker/lib/shutdown.ts'
import { type BenchAction, benchActions } from '../lib/actions.ts'
import { exchange } from '../lib/exchange.ts'
import { benchFolder } from '../lib/folder.ts'
import { startProgram } from '../lib/program.ts'
import { publish } from '../lib/publish.ts'
import type { Figure } from '../lib/result.ts'
import { alternate } from '../lib/rounds.ts'
import { RuntimeConnection, runBody } from '../lib/runtime-connection.ts'
import type { Sockets } from '../lib/sockets.ts'
import { kindFigures } from './figures.ts'
import { type Measured, measure, type Pair } from './measure.ts'
import { startStandalone } from './standalone.ts'

interface Plan {
  readonly rounds: number
  readonly count: number
  /** Requests of each sort before anything is measured, one after the other. */
  readonly warmUp: number
}

const fullPlan: Plan = { rounds: 9, count: 100, warmUp: 1000 }
const quickPlan: Plan = { rounds: 2, count: 10, warmUp: 5 }
const perSecond = 20
const parameters = JSON.stringify({ name: 'Ada' })

/** The three ways to run an action. */
interface Ways {
  readonly bare: () => Promise<unknown>
  readonly floor: () => Promise<unknown>
  readonly product: () => Promise<unknown>
}

/**
 * `npm run bench:warm`: what standalone adds to a warm run, against a minimal HTTP server that forwards to the same kind of
 * container. `--quick` only tries it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
  const plan = values.quick ? quickPlan : fullPlan
  const shutdown = new Shutdown()
  try {
    const waysOf = await start(shutdown)
    const [python, nodejs] = benchActions
    const [first, ...others] = [
      ...(await measureKind(python, await waysOf(python), plan)),
      ...(await measureKind(nodejs, await waysOf(nodejs), plan)),
    ]
    if (first === undefined) throw new Error('Cannot publish: nothing was measured')
    await publish({
      name: 'warm',
      title: 'Warm path of standalone',
      baseline: 'the floor',
      figures: [first, ...others],
      isQuick: values.quick,
    })
  } finally {
    await shutdown.stop(60_000)
  }
}

/** Starts everything; gives the ways to run an action. */
async function start(shutdown: Shutdown): Promise<(action: BenchAction) => Promise<Ways>> {
  const folder = benchFolder()
  // Two of each: one for the floor, as the product has its own, and one for the bare runs.
  const settings = { actions: benchActions, count: 2 }
  const containers = shutdown.own('containers', await startProgram<{ sockets: Sockets }>('containers', settings))
  const { sockets } = containers.ready
  const floor = shutdown.own('floor', await startProgram<{ url: string }>('floor-http', { sockets }))
  const client = new Pool(floor.ready.url)
  shutdown.own('client', { stop: () => client.close() })
  const standalone = shutdown.own('standalone', await startStandalone(folder))
  return async (action) => {
    const bare = new RuntimeConnection(sockets[action.name]?.[1] ?? '')
    shutdown.own('bare', { stop: () => bare.close() })
    await standalone.createAction(action)
    return {
      bare: () => bare.run(bareBody(action)),
      floor: () => exchange(client, { method: 'POST', path: `/${action.name}`, body: parameters }),
      product: () => standalone.invoke(action, parameters),
    }
  }
}

async function measureKind(action: BenchAction, ways: Ways, plan: Plan): Promise<readonly Figure[]> {
  console.error(`warming up: ${action.kind}`)
  for (const way of Object.values(ways)) for (let count = 0; count < plan.warmUp; count += 1) await way()
  const on = (request: Pair['request']) => (): Promise<Measured> =>
    measure({ request, bare: ways.bare }, { count: plan.count, perSecond })
  const rounds = await alternate({ rounds: plan.rounds, baseline: on(ways.floor), subject: on(ways.product) })
  console.error(`measured: ${action.kind}`)
  return kindFigures(action.kind, rounds)
}

function bareBody(action: BenchAction): string {
  const id = randomUUID().replaceAll('-', '')
  const value: unknown = JSON.parse(parameters)
  return runBody({ action: action.name, activationId: id, transactionId: id, value, nowMs: Date.now() })
}

await main()
