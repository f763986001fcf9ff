import type { RuntimeLaunch } from '../../domain/runtime-launch.ts'
import type { CheckpointContainers } from '../../ports/checkpoints.ts'
import type { Kernel } from '../../ports/kernel.ts'
import type { Log } from '../../ports/log.ts'

/** What the engine is made of. */
export interface CriuEngineOptions {
  /** Name of this invoker on the host; names of the engine's containers begin with it. */
  readonly instance: string
  /** How the runtime of a kind starts; undefined: this host cannot run it. */
  readonly launchOf: (kind: string) => RuntimeLaunch | undefined
  readonly containers: CheckpointContainers
  readonly kernel: Pick<Kernel, 'ended' | 'controlGroup' | 'adoptStrays'>
  /** Where a tmpfs for images is mounted. It need not be there; whoever removes left-overs of the invoker unmounts it. */
  readonly directory: string
  /** What all images may take. */
  readonly budgetBytes: number
  /** Memory of the actions that an image is made for first; other sizes are added when they are asked for. */
  readonly memoryMb: number
  /** Where `prepare` unpacks what the system lacks. */
  readonly toolsDirectory: string
  readonly log: Log
}
