import type { ExecutableAction } from '../domain/action.ts'
import { Fault } from '../faults/fault.ts'
import type { Container, ContainerSpec } from '../ports/containers.ts'
import type {
  AdvisedImage,
  BuildRequest,
  ImageAdmin,
  ImageAdvice,
  ImageDetails,
  ImageSummary,
} from '../ports/image-admin.ts'
import type { BuildProgress } from '../ports/image-engine.ts'
import type { ImageDemand, Images, ImportLearner, RecordedImports, StemTarget } from '../ports/images.ts'
import type { WarmSwapOptions } from './warm-swap-options.ts'

/** Dependency images of one invoker. */
export class WarmSwap implements Images, ImportLearner, ImageAdmin {
  readonly #options: WarmSwapOptions

  constructor(options: WarmSwapOptions) {
    this.#options = options
  }

  /** Begins in the background: reads what is known, builds base images, pins, and what was resident when the last run ended. Never rejects. */
  async start(): Promise<void> {}

  /** Builds no more, gives back every live image and writes down what was resident. */
  async stop(_signal: AbortSignal): Promise<void> {}

  choose(_demand: ImageDemand): string | undefined {
    return undefined
  }

  async restore(key: string, _spec: ContainerSpec, _signal: AbortSignal): Promise<Container> {
    throw new Fault('IMAGE_RESTORE', `"${key}" is not live on ${this.#options.invoker}`)
  }

  stems(): readonly StemTarget[] {
    return []
  }

  onStems(_listener: () => void): () => void {
    return () => undefined
  }

  started(_demand: ImageDemand, _way: string): void {}

  relieve(): void {}

  isUnknown(_action: ExecutableAction): boolean {
    return false
  }

  learn(_demand: ImageDemand, _recorded: RecordedImports): void {}

  async list(): Promise<readonly ImageSummary[]> {
    return []
  }

  async show(id: string): Promise<ImageDetails> {
    throw new Fault('IMAGE_UNKNOWN', `there is none whose id begins with "${id}"`)
  }

  async build(request: BuildRequest, _onProgress: (progress: BuildProgress) => void): Promise<ImageDetails> {
    throw new Fault('KIND_UNAVAILABLE', `"${request.kind}" has no image engine`)
  }

  async remove(id: string): Promise<ImageSummary> {
    return this.show(id)
  }

  async advise(): Promise<ImageAdvice> {
    const images: readonly AdvisedImage[] = []
    return { images, budgetBytes: 0, residentBytes: 0 }
  }
}
