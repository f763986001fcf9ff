import type { Manifest } from '../domain/manifest.ts'
import type { MakeBreaker } from '../ports/breaker.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/documents.ts'
import type { ImageEngine } from '../ports/image-engine.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { ImagesManifest } from './images-manifest.ts'

/** Settings of images, as the configuration has them. Off altogether: no WarmSwap is made. */
export interface ImageSettings {
  readonly budgetMb: number
  readonly stemBudgetMb: number
  readonly stemsPerImage: number
  readonly sharing: 'all' | 'namespace'
  readonly isLearning: boolean
  readonly wasteShare: number
  readonly buildTimeoutMs: number
  readonly buildMemoryMb: number
  readonly restoreTimeoutMs: number
}

/** What a {@link WarmSwap} works with. */
export interface WarmSwapOptions {
  /** The database of dependency images. It may be missing, or away: then nothing is known of others and nothing is kept. */
  readonly database: DocumentStore
  /** The first that serves a kind builds its images. They are stopped by who made them, after the WarmSwap. */
  readonly engines: readonly ImageEngine[]
  readonly inventory: Inventory
  /** Which kinds there are. */
  readonly runtimes: Manifest
  /** What the operator pins. */
  readonly pins: ImagesManifest
  /** This invoker among those that share the database: its unique name, or its number. The same after a restart. */
  readonly invoker: string
  /** Makes the breaker of one image's restores. Its fault is IMAGE_RESTORE. */
  readonly makeBreaker: MakeBreaker
  readonly settings: ImageSettings
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
}
