import type { ImageRecipe, ImageSizes, TimedImport } from '../../domain/dependency-image.ts'
import { Fault, isFault } from '../../faults/fault.ts'
import { Background } from '../../lib/background.ts'
import { deferred } from '../../lib/deferred.ts'
import { reasonOf } from '../../lib/reason-of.ts'
import type { Container, ContainerSpec } from '../../ports/containers.ts'
import type { LiveImage } from '../../ports/image-engine.ts'
import type { Log } from '../../ports/log.ts'
import { type Checkpoint, filesOf } from './checkpoint.ts'
import type { Copier } from './copier.ts'
import { bytesOf, removeImage } from './image-store.ts'
import type { Made } from './make-checkpoint.ts'

/** Memory sizes that one image is made for at most. */
const MOST_SIZES = 4

/** What a built image is made of. */
export interface CriuImageParts {
  readonly recipe: ImageRecipe
  readonly made: Made
  readonly memoryMb: number
  readonly buildMs: number
  readonly copier: Copier
  /** Makes and tries a checkpoint for another memory size. */
  readonly makeFor: (memoryMb: number, signal: AbortSignal) => Promise<Made>
  readonly log: Log
  readonly onGone: () => void
}

/**
 * Checkpoints of one process: V8's heap has the limits that it was started with, so there is one for each memory size of actions.
 * Those that are asked for and missing are made in the background, each once.
 */
export class CriuImage implements LiveImage {
  readonly recipe: ImageRecipe
  readonly imports: readonly TimedImport[]
  readonly loaded: readonly string[]
  readonly sizes: ImageSizes
  readonly buildMs: number
  readonly ended: Promise<string>
  readonly #parts: CriuImageParts
  readonly #checkpoints: Map<number, Checkpoint>
  readonly #asked: Set<number>
  readonly #end = deferred<string>()
  readonly #abort = new AbortController()
  readonly #background: Background
  #dropped: Promise<void> | undefined
  #copyBytes: number | undefined

  constructor(parts: CriuImageParts) {
    this.recipe = parts.recipe
    this.imports = parts.made.imports
    this.loaded = parts.made.loaded
    this.sizes = parts.made.sizes
    this.buildMs = parts.buildMs
    this.ended = this.#end.promise
    this.#parts = parts
    this.#checkpoints = new Map([[parts.memoryMb, parts.made.checkpoint]])
    this.#asked = new Set(this.#checkpoints.keys())
    this.#background = new Background((what, error) => {
      if (!this.#abort.signal.aborted) parts.log.warn(`cannot ${what}`, { image: parts.recipe.id, error })
    })
  }

  get copyBytes(): number | undefined {
    return this.#copyBytes
  }

  fits(memoryMb: number): boolean {
    if (this.#checkpoints.has(memoryMb)) return true
    if (!this.#abort.signal.aborted && !this.#asked.has(memoryMb) && this.#asked.size < MOST_SIZES) {
      this.#asked.add(memoryMb)
      this.#background.run('make an image for another memory size', this.#add(memoryMb))
    }
    return false
  }

  async residentBytes(): Promise<number> {
    const sizes = await Promise.all([...this.#checkpoints.values()].map(({ directory }) => bytesOf(directory)))
    return sizes.reduce((sum, bytes) => sum + bytes, 0)
  }

  async restore(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    const checkpoint = this.#checkpoints.get(spec.memoryMb)
    if (checkpoint === undefined || this.#abort.signal.aborted) {
      const sizes = [...this.#checkpoints.keys()].join(', ')
      const { aborted, reason } = this.#abort.signal
      throw this.#fault(aborted ? reason : `it is for ${sizes} MB, ${spec.memoryMb} MB are wanted`)
    }
    try {
      const { container, copyBytes } = await this.#parts.copier.copy(checkpoint, {
        ...{ spec, signal, image: this.recipe.id },
      })
      this.#copyBytes = copyBytes
      return container
    } catch (cause) {
      this.#endIfBroken(checkpoint)
      throw isFault(cause) ? cause : this.#fault(cause)
    }
  }

  drop(): Promise<void> {
    this.#dropped ??= this.#drop('it was dropped')
    return this.#dropped
  }

  async #add(memoryMb: number): Promise<void> {
    const { checkpoint } = await this.#parts.makeFor(memoryMb, this.#abort.signal)
    if (this.#abort.signal.aborted) await removeImage(checkpoint.directory)
    else this.#checkpoints.set(memoryMb, checkpoint)
  }

  /** A restore may fail for many reasons; where the files are not those that were written, it will never succeed. */
  #endIfBroken(checkpoint: Checkpoint): void {
    let now: string
    try {
      now = filesOf(checkpoint.directory)
    } catch {
      now = '' // The directory is gone.
    }
    if (now === checkpoint.files || this.#abort.signal.aborted) return
    this.#dropped ??= this.#drop('its files have changed')
  }

  async #drop(why: string): Promise<void> {
    this.#abort.abort(new Error(why))
    this.#end.resolve(why)
    await this.#background.idle()
    for (const { directory } of this.#checkpoints.values()) await removeImage(directory)
    this.#parts.onGone()
  }

  #fault(cause: unknown): Fault {
    const why = reasonOf(cause)
    return new Fault('IMAGE_RESTORE', why, { cause, facts: { image: this.recipe.id } })
  }
}
