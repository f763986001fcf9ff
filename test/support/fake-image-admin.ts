import { MiB } from '../../invoker/domain/size.ts'
import { Fault } from '../../invoker/faults/fault.ts'
import type {
  BuildRequest,
  ImageAdmin,
  ImageAdvice,
  ImageDetails,
  ImageSummary,
} from '../../invoker/ports/image-admin.ts'
import type { BuildProgress } from '../../invoker/ports/image-engine.ts'

/** An image as `GET /images/ID` tells of it; `id` is repeated to its 64 digits. */
export function anImage(id: string, more: Partial<ImageDetails> = {}): ImageDetails {
  return {
    id: id.repeat(64).slice(0, 64),
    kind: 'python:3',
    engine: 'fork',
    packages: ['numpy==1.24.2', 'pandas==1.5.3'],
    imported: ['numpy==1.24.2', 'pandas==1.5.3'],
    state: 'live',
    isPinned: false,
    residentBytes: 45.25 * MiB,
    stemCells: 2,
    restores: 17,
    importMs: 612.4,
    runtimeBuild: 'build',
    architecture: 'x64',
    cpu: 'c'.repeat(64),
    format: 1,
    imports: [
      { module: 'numpy', distribution: 'numpy', ms: 101.5 },
      { module: 'pandas', distribution: 'pandas', ms: 510.9 },
    ],
    sizes: { anonymousBytes: 40 * MiB, fileBytes: 120 * MiB, vmas: 321 },
    buildMs: 2345,
    residencies: [{ invoker: 'invoker0', state: 'live', since: 1_000_000, restores: 17, lastUsed: 1_055_000 }],
    ...more,
  }
}

/** Images in memory, with the rules of the port: ids may be cut, what is unknown is a fault. */
export class FakeImageAdmin implements ImageAdmin {
  images: ImageDetails[] = []
  advice: ImageAdvice = { images: [], budgetBytes: 512 * MiB, residentBytes: 0 }
  /** What was asked to be built. */
  readonly asked: BuildRequest[] = []
  /** What a build tells before it ends. */
  steps: readonly BuildProgress[] = []
  /** What a build ends with, after the steps; called anew for each. */
  outcome: () => Promise<ImageDetails> = async () => anImage('b')

  async list(): Promise<readonly ImageSummary[]> {
    return this.images
  }

  async show(id: string): Promise<ImageDetails> {
    const found = this.images.filter((image) => image.id.startsWith(id))
    if (found.length > 1) throw new Fault('IMAGE_UNKNOWN', `"${id}" is the beginning of ${found.length} ids`)
    const [image] = found
    if (image === undefined) throw new Fault('IMAGE_UNKNOWN', `there is none whose id begins with "${id}"`)
    return image
  }

  async build(request: BuildRequest, onProgress: (progress: BuildProgress) => void): Promise<ImageDetails> {
    this.asked.push(request)
    for (const step of this.steps) onProgress(step)
    return await this.outcome()
  }

  async remove(id: string): Promise<ImageSummary> {
    const image = await this.show(id)
    this.images = this.images.filter((one) => one !== image)
    return image
  }

  async advise(): Promise<ImageAdvice> {
    return this.advice
  }
}
