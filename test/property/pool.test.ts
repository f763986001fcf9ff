import { expect } from 'chai'
import fc from 'fast-check'
import type { Demand } from '../../invoker/pool/demand.ts'
import type { Lease } from '../../invoker/pool/lease.ts'
import { aManifest } from '../support/a-manifest.ts'
import { aPool, settled } from '../support/a-pool.ts'
import { aDemand } from '../support/a-slot-view.ts'
import { anAction } from '../support/an-action.ts'
import { type FakeContainer, FakeContainers } from '../support/fake-containers.ts'
import { aTarget, FakeImages } from '../support/fake-images.ts'

const budgetMb = 1024
const stemMbs = [0.3, 2, 37.7]

/** What the test knows: jobs that were asked for and how often each ended, and the leases that are out. */
interface Model {
  readonly ended: number[]
  readonly leases: { readonly lease: Lease; readonly demand: Demand }[]
}
/** The pool, and whose each container was. */
interface Real extends ReturnType<typeof aPool> {
  readonly owners: Map<FakeContainer, string>
  readonly images: FakeImages
}

const ownerOf = ({ namespace, actionKey }: Demand): string => `${namespace}/${actionKey}`

/** What the least is that a container may count for: a stem cell of an image, until it is taken, at what one was ever measured to take. */
function leastMb({ restored, size, spec }: FakeContainer): number {
  if (restored && spec.name.includes('prewarm')) return size?.memoryMb ?? Math.min(...stemMbs)
  return spec.memoryMb
}

function check({ leases }: Model, { containers, owners, pool }: Real): void {
  const usedMb = containers.alive.reduce((sum, container) => sum + leastMb(container), 0)
  expect(usedMb, 'memory of all containers').to.be.at.most(budgetMb)
  const { runBuffer: _waiting, ...held } = pool.figures()
  const heldMb = Object.values(held).reduce((sum, { memoryMb }) => sum + memoryMb, 0)
  expect(heldMb, 'memory that slots hold').to.be.within(0, budgetMb)
  const counts = new Map<unknown, number>()
  for (const { lease, demand } of leases) {
    const container = lease.container as FakeContainer
    expect(container.state, 'a container in use').to.equal('running')
    const owner = owners.get(container) ?? ownerOf(demand)
    expect(ownerOf(demand), 'whose activation runs in a container').to.equal(owner)
    owners.set(container, owner)
    const count = (counts.get(container) ?? 0) + 1
    counts.set(container, count)
    expect(count, 'activations at once').to.be.at.most(demand.concurrency)
  }
}

/** A command that does something and then looks at everything. */
class Does implements fc.AsyncCommand<Model, Real> {
  readonly #what: string
  readonly #act: (model: Model, real: Real) => void

  constructor(what: string, act: (model: Model, real: Real) => void) {
    this.#what = what
    this.#act = act
  }

  check(): boolean {
    return true
  }

  async run(model: Model, real: Real): Promise<void> {
    this.#act(model, real)
    await settled()
    check(model, real)
  }

  toString(): string {
    return this.#what
  }
}

function acquire(demand: Demand): Does {
  return new Does(`acquire ${ownerOf(demand)} ${demand.memoryMb} MB`, (model, { pool }) => {
    const job = model.ended.push(0) - 1
    const end = (): void => {
      model.ended[job] = (model.ended[job] ?? 0) + 1
    }
    pool.acquire(demand).then((lease) => {
      end()
      if (lease.mustInit) lease.initialised()
      model.leases.push({ lease, demand })
    }, end)
  })
}

function release(at: number, keep: boolean): Does {
  return new Does(`release ${at} ${keep ? 'kept' : 'broken'}`, ({ leases }) => {
    const [one] = leases.splice(at % Math.max(1, leases.length), 1)
    one?.lease.release({ keep })
  })
}

const pass = (ms: number): Does => new Does(`pass ${ms} ms`, (_model, { clock }) => clock.pass(ms))

const exit = (at: number): Does =>
  new Does(`exit of ${at}`, ({ leases }, { containers }) => {
    const idle = containers.alive.filter((container) => leases.every(({ lease }) => lease.container !== container))
    idle[at % Math.max(1, idle.length)]?.exit('it crashed')
  })

const parts = ['create', 'pause', 'resume', 'resize', 'restore'] as const

function setWorking({ containers, images }: Real, what: (typeof parts)[number], works: boolean): void {
  const refuse = () => {
    throw new Error('no')
  }
  if (what === 'restore') images.behaviour.restore = works ? () => undefined : refuse
  else if (what === 'resize') containers.behaviour.resize = works ? () => undefined : refuse
  else containers.behaviour[what] = works ? () => undefined : () => Promise.reject(new Error('no'))
}

const fail = (what: (typeof parts)[number], isFailing: boolean): Does =>
  new Does(`${what} ${isFailing ? 'fails' : 'works'}`, (_model, real) => setWorking(real, what, !isFailing))

const want = (heavy: number, light: number, heldMb: number): Does =>
  new Does(`want ${heavy} and ${light} of ${heldMb} MB`, (_model, { images }) => {
    images.live.add('heavy').add('light')
    images.want(aTarget('heavy', heavy, { heldMb }), aTarget('light', light, { heldMb }))
  })

const drop = (key: string): Does => new Does(`drop ${key}`, (_model, { images }) => images.drop(key))

const demands = fc.record({
  namespace: fc.constantFrom('guest', 'other'),
  actionKey: fc.constantFrom('a', 'b', 'c'),
  memoryMb: fc.constantFrom(128, 256, 512, 1024, 2048),
  concurrency: fc.constantFrom(1, 1, 3),
})
// The limits are part of the action: equal keys have equal limits.
const acquires = demands.map((demand) =>
  acquire(
    aDemand({
      ...demand,
      actionKey: `${demand.actionKey}${demand.memoryMb}${demand.concurrency}`,
      action: anAction({ annotations: [{ key: 'image', value: demand.actionKey === 'a' ? 'light' : 'heavy' }] }),
    }),
  ),
)
const commands = fc.commands(
  [
    acquires,
    acquires,
    fc.tuple(fc.nat(9), fc.boolean()).map(([at, keep]) => release(at, keep)),
    fc.constantFrom(1, 5_000, 10_000, 700_000).map(pass),
    fc.nat(9).map(exit),
    fc.tuple(fc.constantFrom(...parts), fc.boolean()).map(([what, is]) => fail(what, is)),
    fc.tuple(fc.nat(9), fc.nat(3), fc.constantFrom(...stemMbs)).map((wanted) => want(...wanted)),
    fc.constantFrom('heavy', 'light').map(drop),
  ],
  { maxCommands: 50 },
)

describe('ContainerPool, whatever happens', () => {
  it('never overspends memory, never takes a container from an activation, and ends every job once', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        const containers = new FakeContainers()
        const images = new FakeImages(containers, [])
        const manifest = aManifest([{ initialCount: 2, memory: '128 MB' }])
        const real: Real = {
          ...aPool({ containers, images, manifest, settings: { userMemoryMb: budgetMb } }),
          owners: new Map(),
          images,
        }
        const model: Model = { ended: [], leases: [] }
        real.pool.start()
        try {
          await fc.asyncModelRun(() => ({ model, real }), sequence)
          await finish(model, real)
          expect(model.ended, 'how often each job ended').to.deep.equal(model.ended.map(() => 1))
          await takeAll(model, real)
        } finally {
          await real.pool.stop(AbortSignal.timeout(1_000))
        }
        expect(real.containers.alive, 'containers after the end').to.deep.equal([])
      }),
      { numRuns: 150 },
    )
  })
})

/** Gives back all leases until nobody waits any more. */
async function finish(model: Model, real: Real): Promise<void> {
  for (const what of parts) setWorking(real, what, true)
  for (let round = 0; round < 100 && model.ended.includes(0); round += 1) {
    for (const { lease } of model.leases.splice(0)) lease.release({ keep: round % 2 === 0 })
    await settled()
    check(model, real)
  }
}

/** Takes all memory at once: where nothing runs, none of it may be held by anything. */
async function takeAll({ leases }: Model, { pool, containers }: Real): Promise<void> {
  for (const { lease } of leases.splice(0)) lease.release({ keep: true })
  const job = pool.acquire(aDemand({ actionKey: 'all', memoryMb: budgetMb }))
  let lease: Lease | undefined
  job.then(
    (granted) => {
      lease = granted
    },
    () => undefined,
  )
  for (let round = 0; round < 20 && !lease; round += 1) await settled()
  expect(lease?.container, 'a container of all memory').not.to.equal(undefined)
  expect(containers.alive.length).to.equal(1)
}
