import { setImmediate } from 'node:timers/promises'
import { Breaker } from '../../invoker/adapters/breaker/breaker.ts'
import type { ExecutableAction } from '../../invoker/domain/action.ts'
import type { Manifest } from '../../invoker/domain/manifest.ts'
import { type ImagesManifest, nothingPinned } from '../../invoker/images/images-manifest.ts'
import { WarmSwap } from '../../invoker/images/warm-swap.ts'
import type { ImageSettings } from '../../invoker/images/warm-swap-options.ts'
import type { Container, ContainerSpec } from '../../invoker/ports/containers.ts'
import type { DocumentStore } from '../../invoker/ports/documents.ts'
import type { ImageDemand } from '../../invoker/ports/images.ts'
import { aLog } from './a-log.ts'
import { aManifest } from './a-manifest.ts'
import { anAction } from './an-action.ts'
import { eventually } from './eventually.ts'
import { FakeClock } from './fake-clock.ts'
import { FakeImageEngine, FakeInventory } from './fake-image-engine.ts'
import { FakeMeter } from './fake-meter.ts'

/** What a test may choose. */
export interface WarmSwapChoices {
  readonly database: DocumentStore
  readonly settings?: Partial<ImageSettings>
  readonly pins?: ImagesManifest
  readonly runtimes?: Manifest
  readonly invoker?: string
  readonly inventory?: FakeInventory
  readonly engine?: FakeImageEngine
}

/** What a runtime answers to /imports. */
export function recorded(...imports: readonly (readonly [module: string, distribution: string, ms: number])[]): string {
  return JSON.stringify({
    imports: imports.map(([module, distribution, ms]) => ({ module, distribution, version: '1.0', ms })),
  })
}

/** A Python action whose text is this. */
export function pythonAction(code: string): ExecutableAction {
  return anAction({ name: `f${code.length}`, exec: { kind: 'python:3', code, binary: false } })
}

/** A demand of an action of Python, in namespace `guest` unless another is given. */
export function aDemand(code: string, namespace = 'guest'): ImageDemand {
  return { namespace, kind: 'python:3', memoryMb: 256, action: pythonAction(code) }
}

/** A WarmSwap with an engine and runtime builds that are only remembered, a real breaker, and a clock that a test moves. */
export class WarmSwapUnderTest {
  readonly images: WarmSwap
  readonly engine: FakeImageEngine
  readonly inventory: FakeInventory
  readonly clock = new FakeClock()
  readonly meter = new FakeMeter()
  readonly log = aLog()
  #containers = 0

  constructor(choices: WarmSwapChoices) {
    this.engine = choices.engine ?? new FakeImageEngine()
    this.inventory = choices.inventory ?? new FakeInventory()
    const { clock, meter, log, inventory } = this
    this.images = new WarmSwap({
      database: choices.database,
      engines: [this.engine],
      ...{ inventory, clock, meter, log },
      runtimes: choices.runtimes ?? aManifest(),
      pins: choices.pins ?? nothingPinned,
      invoker: choices.invoker ?? 'invoker0',
      makeBreaker: (name) => new Breaker({ name, fault: 'IMAGE_RESTORE', meter, resetMs: 30, minCalls: 3 }),
      settings: {
        ...{ budgetMb: 1000, stemBudgetMb: 64, stemsPerImage: 16, sharing: 'all', isLearning: true, wasteShare: 0.8 },
        ...{ buildTimeoutMs: 5000, buildMemoryMb: 1024, restoreTimeoutMs: 100 },
        ...choices.settings,
      },
    })
  }

  /** Begins, and waits until the base image is live. */
  async start(): Promise<this> {
    this.images.start()
    await this.until('the base image is live', () => this.engine.live.length > 0)
    return this
  }

  /** Lets time pass until the condition holds. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    return eventually(what, async () => {
      if (await condition()) return true
      this.clock.pass(50)
      return false
    })
  }

  /** Lets this much time pass, and what is due be done. */
  async elapse(ms: number): Promise<void> {
    const endMs = this.clock.now() + ms
    while (this.clock.now() < endMs) {
      this.clock.pass(1000)
      for (let turns = 0; turns < 10; turns += 1) await setImmediate()
    }
  }

  /** A cold start of an action that imports this, and what its runtime recorded. */
  startCold(demand: ImageDemand, answer: string): void {
    this.images.started(demand, 'cold')
    if (this.images.isUnknown(demand.action)) this.images.learn(demand, { answer })
  }

  /** Restores an image as the pool does. */
  restore(key: string, signal = new AbortController().signal): Promise<Container> {
    this.#containers += 1
    const name = `wsk0_${this.#containers}_images`
    const spec: ContainerSpec = { name, kind: 'python:3', memoryMb: 256, cpuShares: 256, env: {} }
    return this.images.restore(key, spec, signal)
  }

  /** Modules of the live images, in order. */
  get liveModules(): readonly string[] {
    return this.engine.live.map(({ imports }) => imports.map(({ module }) => module).join('+')).sort()
  }

  stop(): Promise<void> {
    return this.images.stop(AbortSignal.timeout(5000))
  }
}
