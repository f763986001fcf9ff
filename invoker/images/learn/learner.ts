import type { ExecutableAction } from '../../domain/action.ts'
import type { TimedImport } from '../../domain/dependency-image.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ImageDemand, ImportLearner, RecordedImports } from '../../ports/images.ts'
import type { BuildInventory } from '../../ports/inventory.ts'
import type { Log } from '../../ports/log.ts'
import type { ImagesMeter } from '../images-meter.ts'
import type { ProfileEntry } from '../store/entries.ts'
import type { Knowledge } from '../store/knowledge.ts'
import { readRecorded, withBroughtAlong } from './learning.ts'

/** What a {@link Learner} works with. */
export interface LearnerOptions {
  readonly knowledge: Knowledge
  readonly clock: Clock
  readonly log: Log
  readonly meter: ImagesMeter
  /** Whether an image, by its id, is live and has loaded all of these. */
  holds(image: string, imports: readonly TimedImport[]): boolean
  /** Has a profile written, and what follows from it done soon. */
  onLearned(entry: ProfileEntry): void
  /** A runtime knows packages that its build, as last read, does not have. */
  onOtherBuild(kind: string): void
}

/** Code that imports these imports others by names that its text need not say. */
const hidden: ReadonlySet<string> = new Set(['importlib', 'runpy', 'pkgutil'])

/** Learns what actions import. */
export class Learner implements ImportLearner {
  readonly #options: LearnerOptions
  readonly #complained = new Set<string>()

  constructor(options: LearnerOptions) {
    this.#options = options
  }

  /**
   * Recording takes time before the first line of user code. So code whose text is all in the image that it starts from is taken at
   * its word the first time; if it comes again, it is recorded once: what it imports in other ways than its text says is found then.
   */
  isUnknown(action: ExecutableAction, image?: string): boolean {
    const { knowledge, holds } = this.#options
    const { kind } = action.exec
    if (knowledge.inventory(kind) === undefined || knowledge.profileOf(action) !== undefined) return false
    const scanned = knowledge.scan(action)
    const isSaid = !scanned.modules.some((module) => hidden.has(module))
    if (image === undefined || !isSaid || !holds(image, knowledge.importsOfText(action))) return true
    return knowledge.takeAtItsWord(kind, scanned)
  }

  learn({ action }: ImageDemand, recorded: RecordedImports): void {
    const { knowledge, clock, meter, onLearned } = this.#options
    const inventory = knowledge.inventory(action.exec.kind)
    if (inventory === undefined) return
    const imports = this.#read(action, recorded, inventory)
    if (imports === undefined) return
    const { kind, runtimeBuild } = inventory
    const profile = { codeDigest: knowledge.scan(action).codeDigest, kind, runtimeBuild, imports }
    meter.learned('profile')
    onLearned({ type: 'profile', profile, updatedMs: clock.now() })
  }

  #read(
    action: ExecutableAction,
    { answer, image }: RecordedImports,
    inventory: BuildInventory,
  ): readonly TimedImport[] | undefined {
    const { knowledge, meter, onOtherBuild } = this.#options
    try {
      const { imports, isOtherBuild } = readRecorded(answer, inventory)
      if (isOtherBuild) onOtherBuild(inventory.kind)
      const inImage = new Set(image === undefined ? [] : knowledge.packagesOf(image))
      return withBroughtAlong(imports, { scanned: knowledge.importsOfText(action), inImage })
    } catch (error) {
      meter.learned('unreadable')
      if (!this.#complained.has(inventory.kind)) {
        this.#options.log.warn('recorded imports cannot be read', { kind: inventory.kind, error })
      }
      this.#complained.add(inventory.kind)
      return undefined
    }
  }
}
