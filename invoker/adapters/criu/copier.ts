import { availableParallelism } from 'node:os'
import { howEnded } from '../../domain/process-end.ts'
import { Permits } from '../../lib/permits.ts'
import type { Container, ContainerSpec } from '../../ports/containers.ts'
import type { EmptyContainer } from '../../ports/empty-containers.ts'
import { ask, orItsEnd } from './ask.ts'
import type { Checkpoint } from './checkpoint.ts'
import { clear } from './clear.ts'
import { DrawnValues } from './drawn-values.ts'
import type { CriuEngineOptions } from './options.ts'
import type { CriuProgram } from './program.ts'
import { restore } from './restore.ts'

/** Restoring is work for the processor: twice as many at a time as there are, and the rest waits. */
const parallel = 2 * availableParallelism()

/** What a copy is made for. */
export interface CopyRequest {
  readonly spec: ContainerSpec
  /** Id of the image. */
  readonly image: string
  readonly signal: AbortSignal
  /** Whether every random generator is asked what it draws. */
  readonly isTrial?: boolean
}

/** Puts copies of checkpoints into containers. */
export class Copier {
  readonly #options: Pick<CriuEngineOptions, 'containers' | 'kernel'>
  readonly #program: CriuProgram
  readonly #drawn = new DrawnValues()
  readonly #permits = new Permits(parallel)

  constructor(options: Pick<CriuEngineOptions, 'containers' | 'kernel'>, program: CriuProgram) {
    this.#options = options
    this.#program = program
  }

  /**
   * Gives a container with a copy that is about to answer, and what it has taken by then.
   * @throws Fault CONTAINER_CREATE; Error. Nothing is left then.
   */
  async copy(
    checkpoint: Checkpoint,
    request: CopyRequest,
  ): Promise<{ readonly container: Container; readonly copyBytes: number }> {
    const { spec, signal } = request
    const empty = await this.#options.containers.createEmpty(spec, signal)
    const begun = performance.now()
    try {
      const copy = await this.#permits.run(() => this.#moveIn(checkpoint, empty, request), signal)
      const copyBytes = this.#options.kernel.controlGroup(copy.pid).memoryBytes()
      const restoreMs = Math.round((performance.now() - begun) * 1000) / 1000
      const container = empty.occupy({ ...copy, restored: { image: request.image, engine: 'criu', restoreMs } })
      return { container, copyBytes }
    } catch (error) {
      await clear(empty, this.#options.kernel)
      throw error
    }
  }

  /** Restores it and has it become one of a kind, which it proves by what it draws. */
  async #moveIn(checkpoint: Checkpoint, empty: EmptyContainer, { signal, isTrial }: CopyRequest) {
    const { place, endpoint } = empty
    const pid = await restore(checkpoint, { program: this.#program, place, signal })
    const ended = this.#options.kernel.ended(pid)
    const body = { env: { ...place.env }, isTrial: isTrial === true }
    const end = ended.then((how) => `the copy ended ${howEnded(how)}`)
    const { drawn } = await orItsEnd(end, ask(endpoint, { path: '/restored', body, signal }))
    this.#drawn.add(drawn)
    return { pid, ended }
  }
}
