import { join } from 'node:path'
import type { ImageRecipe } from '../../domain/dependency-image.ts'
import { runtimesTarget } from '../../domain/runtime-launch.ts'
import { Fault, isFault } from '../../faults/fault.ts'
import { atLatest } from '../../lib/at-latest.ts'
import { Permits } from '../../lib/permits.ts'
import { reasonOf } from '../../lib/reason-of.ts'
import type { ContainerSpec } from '../../ports/containers.ts'
import type { BuildLimits, ImageEngine, LiveImage } from '../../ports/image-engine.ts'
import { Unsuitable } from './checkpoint.ts'
import { Copier } from './copier.ts'
import { CriuImage } from './criu-image.ts'
import { featuresFile, findCriu, type UsableCriu } from './features.ts'
import { ImageStore, removeImage } from './image-store.ts'
import { type Made, makeCheckpoint } from './make-checkpoint.ts'
import type { CriuEngineOptions } from './options.ts'
import { CriuError } from './run-criu.ts'

/** A build competes with activations: an eighth of a container of 256 MB. */
const BUILD_SHARES = 32
/** The runtime that becomes an image when it is asked to. */
const program = join(runtimesTarget, 'nodejs/main.cjs')

/** What one build is for. */
interface Order {
  readonly recipe: ImageRecipe
  readonly memoryMb: number
  readonly ready: Ready
}

/** CRIU, and what restores with it. */
interface Ready {
  readonly criu: UsableCriu
  readonly copier: Copier
}

/** Images as checkpoints on a tmpfs, which CRIU restores into containers. */
export class CriuEngine implements ImageEngine {
  readonly name = 'criu'
  readonly #options: CriuEngineOptions
  readonly #store: ImageStore
  readonly #images = new Set<CriuImage>()
  readonly #builds = new Permits(1)
  #criu: Promise<UsableCriu> | undefined
  #ready: Promise<Ready> | undefined
  #isOpen = true
  #number = 0

  constructor(options: CriuEngineOptions) {
    this.#options = options
    this.#store = new ImageStore(options)
  }

  serves(kind: string): boolean {
    return this.#options.launchOf(kind)?.command.includes(program) ?? false
  }

  async unavailable(): Promise<string | undefined> {
    if (process.getuid?.() !== 0) return 'Restoring checkpoints needs root'
    try {
      await this.#findCriu()
      return undefined
    } catch (error) {
      return `Restoring checkpoints needs CRIU: ${reasonOf(error)}`
    }
  }

  async build(recipe: ImageRecipe, limits: BuildLimits): Promise<LiveImage> {
    const begun = performance.now()
    const signal = atLatest(limits.timeoutMs, limits.signal)
    const { memoryMb, log } = this.#options
    try {
      const ready = await this.#getReady()
      const made = await this.#make({ recipe, memoryMb, ready }, { ...limits, signal })
      const image: CriuImage = new CriuImage({
        ...{ recipe, made, memoryMb, log, copier: ready.copier, buildMs: performance.now() - begun },
        makeFor: (size, end) =>
          this.#make(
            { recipe, memoryMb: size, ready },
            { onProgress: () => undefined, signal: atLatest(limits.timeoutMs, end) },
          ),
        onGone: () => this.#images.delete(image),
      })
      this.#images.add(image)
      if (!this.#isOpen) {
        await image.drop()
        throw new Error('the engine was stopped')
      }
      return image
    } catch (cause) {
      const isUnsuitable = cause instanceof Unsuitable || (cause instanceof CriuError && cause.isOfProcess)
      const code = isUnsuitable ? 'IMAGE_UNSUITABLE' : 'IMAGE_BUILD'
      throw new Fault(code, reasonOf(cause), { cause, facts: { image: recipe.id } })
    }
  }

  async stop(): Promise<void> {
    this.#isOpen = false
    await Promise.all([...this.#images].map((image) => image.drop()))
    await this.#store.close()
  }

  /** Makes a checkpoint and tries it. @throws Unsuitable; Error. Nothing is left then. */
  async #make(order: Order, limits: Pick<BuildLimits, 'signal' | 'onProgress'>): Promise<Made> {
    const { signal } = limits
    const directory = await this.#store.make()
    try {
      return await this.#builds.run(async () => {
        const made = await makeCheckpoint(order.recipe, {
          ...{ signal, directory, spec: this.#spec(order, 'source'), onProgress: limits.onProgress },
          containers: this.#options.containers,
          kernel: this.#options.kernel,
          program: order.ready.criu.program,
        })
        await this.#try(made, order, signal)
        return made
      }, signal)
    } catch (error) {
      await removeImage(directory)
      throw error
    }
  }

  /** Two copies: they must answer, and nothing that they draw may be the same. */
  async #try({ checkpoint }: Made, order: Order, signal: AbortSignal): Promise<void> {
    for (const name of ['trial1', 'trial2']) {
      const request = { spec: this.#spec(order, name), image: order.recipe.id, signal, isTrial: true }
      const { container } = await order.ready.copier.copy(checkpoint, request).catch((cause: unknown) => {
        signal.throwIfAborted()
        throw isOutside(cause) ? cause : new Unsuitable(reasonOf(cause), { cause })
      })
      await container.destroy()
    }
  }

  #spec({ recipe, memoryMb }: Order, part: string): ContainerSpec {
    this.#number += 1
    const name = `${this.#options.instance}_image${this.#number}_${part}_${recipe.id.slice(0, 12)}`
    return { name, kind: recipe.identity.kind, memoryMb, cpuShares: BUILD_SHARES, env: {} }
  }

  #getReady(): Promise<Ready> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined
      throw error
    })
    return this.#ready
  }

  /** CRIU finds what it knows about the kernel in every container. */
  async #prepare(): Promise<Ready> {
    const criu = await this.#findCriu()
    await this.#options.containers.putFile(featuresFile, criu.features)
    return { criu, copier: new Copier(this.#options, criu.program) }
  }

  #findCriu(): Promise<UsableCriu> {
    this.#criu ??= findCriu(this.#options.toolsDirectory).catch((error: unknown) => {
      this.#criu = undefined
      throw error
    })
    return this.#criu
  }
}

/** Whether a trial failed for reasons that are not the image's. */
function isOutside(cause: unknown): boolean {
  return isFault(cause) || (cause instanceof CriuError && !cause.isOfProcess)
}
