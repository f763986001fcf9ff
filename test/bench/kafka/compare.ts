import { Shutdown } from '../../../invoker/lib/shutdown.ts'
import { benchActions } from '../lib/actions.ts'
import type { ControllerPeer } from '../lib/controller-peer.ts'
import type { Invokable } from '../lib/message.ts'
import type { Figure } from '../lib/result.ts'
import { alternate } from '../lib/rounds.ts'
import type { Sockets } from '../lib/sockets.ts'
import { caseFigures } from './figures.ts'
import { memoryFigures } from './memory.ts'
import type { Plan } from './plan.ts'
import { type Measured, measure, type Side } from './side.ts'
import { type Site, startFloor, startInvoker, topics } from './sides.ts'

/** Containers of each action on the floor: as many as are ever in flight. */
export const floorContainers = 4

/** Where and how much to measure. */
export interface Comparison {
  readonly site: Site
  readonly peer: ControllerPeer
  readonly sockets: Sockets
  readonly plan: Plan
  /** Name of the store, where it is not the stub. */
  readonly store?: string
  readonly report: (line: string) => void
}

const stopMs = 60_000

/** The product's invoker against the floor program: each kind, with 1 and 4 in flight, both sides alive all the time. */
export async function compareSides(comparison: Comparison): Promise<readonly Figure[]> {
  const { site, peer, sockets, plan, store, report } = comparison
  const shutdown = new Shutdown()
  try {
    const product = shutdown.own('product', await startInvoker(site))
    const floor = shutdown.own('floor', await startFloor(site, sockets))
    const sides = {
      subject: { pid: product.pid, topic: topics.product },
      baseline: { pid: floor.pid, topic: topics.floor },
    }
    const cases = benchActions.flatMap(({ name, kind }) =>
      ([1, 4] as const).map((inFlight) => ({ kind, inFlight, action: invokable(site, name) })),
    )
    for (const { kind, inFlight, action } of cases) {
      report(`warming up: ${kind}, ${inFlight} in flight`)
      for (const { topic } of Object.values(sides)) await peer.drive({ topic, action, inFlight, count: plan.warmUp })
    }
    const figures: Figure[] = []
    for (const { kind, inFlight, action } of cases) {
      const load = { action, inFlight, count: plan.perRound[inFlight] }
      const on = (side: Side) => (): Promise<Measured> => measure(peer, side, load)
      const rounds = await alternate({ rounds: plan.rounds, baseline: on(sides.baseline), subject: on(sides.subject) })
      figures.push(...caseFigures({ kind, inFlight, ...(store === undefined ? {} : { store }) }, rounds))
      report(`measured: ${kind}, ${inFlight} in flight`)
    }
    return figures
  } finally {
    await shutdown.stop(stopMs)
  }
}

/** Memory of a fresh invoker of the product. */
export async function measureMemory({ site, peer, plan }: Comparison): Promise<readonly Figure[]> {
  const product = await startInvoker(site)
  try {
    const action = invokable(site, benchActions[0].name)
    return await memoryFigures(
      peer,
      { pid: product.pid, topic: topics.product },
      { ...plan.memory, action, inFlight: 4 },
    )
  } finally {
    await product.stop()
  }
}

function invokable({ store }: Site, name: string): Invokable {
  return { name, revision: store.revisions.get(name) ?? '' }
}
