import type { RuntimeLaunch } from '../../domain/runtime-launch.ts'
import type { EmptyContainers } from '../../ports/empty-containers.ts'
import type { Kernel } from '../../ports/kernel.ts'

/** What the engine is made of. */
export interface ForkEngineOptions {
  /** Name of this invoker on the host; names of the engine's containers begin with it. */
  readonly instance: string
  /** How the runtime of a kind starts; undefined: this host cannot run it. */
  readonly launchOf: (kind: string) => RuntimeLaunch | undefined
  readonly containers: EmptyContainers
  readonly kernel: Kernel
  /** How long a template may take to fork before it counts as stuck, and is ended. */
  readonly answerMs: number
}
