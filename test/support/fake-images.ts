import type { ExecutableAction } from '../../invoker/domain/action.ts'
import { Fault } from '../../invoker/faults/fault.ts'
import type { Container, ContainerSpec } from '../../invoker/ports/containers.ts'
import type { ImageDemand, Images, ImportLearner, RecordedImports, StemTarget } from '../../invoker/ports/images.ts'
import type { FakeContainers } from './fake-containers.ts'

/** A target of so many stem cells that take 2 MB each while they wait. */
export function aTarget(image: string, count: number, changes: Partial<StemTarget> = {}): StemTarget {
  return { image, kind: 'nodejs:20', count, heldMb: 2, memoryMb: 128, ...changes }
}

/** Images that are only remembered. Each is restored into a container of {@link FakeContainers}. */
export class FakeImages implements Images {
  /** Keys of live images. */
  readonly live = new Set<string>()
  /** What happens while an image is restored. */
  readonly behaviour: { restore(key: string, spec: ContainerSpec): void | Promise<void> } = { restore: () => undefined }
  /** How often an image was chosen. */
  choices = 0
  reliefs = 0
  /** Every way that was told. */
  readonly ways: string[] = []
  readonly #containers: FakeContainers
  readonly #listeners = new Set<() => void>()
  #targets: readonly StemTarget[] = []

  constructor(containers: FakeContainers, live: readonly string[] = ['heavy']) {
    this.#containers = containers
    for (const key of live) this.live.add(key)
  }

  /** The image that an action of this name asks for by its annotation `image`; else the first live one. */
  choose({ action }: ImageDemand): string | undefined {
    this.choices += 1
    const wanted = action.annotations.find(({ key }) => key === 'image')?.value
    const key = typeof wanted === 'string' ? wanted : [...this.live][0]
    return key !== undefined && this.live.has(key) ? key : undefined
  }

  async restore(key: string, spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    if (!this.live.has(key)) throw new Fault('IMAGE_RESTORE', `"${key}" is gone`)
    const restored = { image: `id of ${key}`, engine: 'fork', restoreMs: 7 } as const
    return this.#containers.make(spec, { signal, restored, work: async () => this.behaviour.restore(key, spec) })
  }

  stems(): readonly StemTarget[] {
    return this.#targets
  }

  onStems(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  started(_demand: ImageDemand, way: string): void {
    this.ways.push(way)
  }

  relieve(): void {
    this.reliefs += 1
  }

  /** Wants these stem cells from now on. */
  want(...targets: readonly StemTarget[]): void {
    this.#targets = targets
    for (const listener of this.#listeners) listener()
  }

  /** Drops an image, as a template that died does. */
  drop(key: string): void {
    this.live.delete(key)
    this.want(...this.#targets.filter(({ image }) => image !== key))
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size
  }
}

/** Wants to learn everything, once for each action. */
export class FakeLearner implements ImportLearner {
  readonly learned: { readonly action: string; readonly recorded: RecordedImports }[] = []

  /** Images that hold all that any code needs. */
  readonly complete = new Set<string>()

  isUnknown({ name }: ExecutableAction, image?: string): boolean {
    if (image !== undefined && this.complete.has(image)) return false
    return !this.learned.some(({ action }) => action === name)
  }

  learn({ action }: ImageDemand, recorded: RecordedImports): void {
    this.learned.push({ action: action.name, recorded })
  }
}
