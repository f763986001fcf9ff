import type { ImageRecipe, ImageSizes, TimedImport } from '../../domain/dependency-image.ts'
import type { ProcessEnd } from '../../domain/process-end.ts'
import { Fault } from '../../faults/fault.ts'
import { within } from '../../lib/within.ts'
import type { Container, ContainerSpec } from '../../ports/containers.ts'
import type { EmptyContainer, EmptyContainers, Place } from '../../ports/empty-containers.ts'
import type { LiveImage } from '../../ports/image-engine.ts'
import type { Kernel } from '../../ports/kernel.ts'
import { ReportPipe } from './report.ts'
import type { Template } from './template.ts'

/** What a built image is made of. */
export interface ForkImageParts {
  readonly recipe: ImageRecipe
  readonly imports: readonly TimedImport[]
  readonly loaded: readonly string[] | undefined
  readonly sizes: ImageSizes
  readonly buildMs: number
  readonly template: Template
  /** The filter that the template gives its children. */
  readonly seccomp: Buffer
  /** How long forking may take before the template counts as stuck. */
  readonly answerMs: number
  readonly containers: EmptyContainers
  readonly kernel: Kernel
}

/** A template that was built, and how to fork it into containers. */
export class ForkImage implements LiveImage {
  readonly recipe: ImageRecipe
  readonly imports: readonly TimedImport[]
  readonly sizes: ImageSizes
  readonly buildMs: number
  readonly ended: Promise<string>
  readonly loaded?: readonly string[]
  readonly #parts: ForkImageParts
  #restores = 0
  #copyBytes: number | undefined

  constructor(parts: ForkImageParts) {
    this.recipe = parts.recipe
    this.imports = parts.imports
    this.sizes = parts.sizes
    this.buildMs = parts.buildMs
    this.ended = parts.template.ended
    if (parts.loaded !== undefined) this.loaded = parts.loaded
    this.#parts = parts
  }

  /** 0 when it has ended. */
  async residentBytes(): Promise<number> {
    const { kernel, template } = this.#parts
    const memory = await kernel.memoryOf(template.process.pid).catch(() => undefined)
    return memory?.pssBytes ?? 0
  }

  get copyBytes(): number | undefined {
    return this.#copyBytes
  }

  async restore(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    const { container } = await this.#restore(spec, signal)
    return container
  }

  /** Restores it once for nobody, and measures the copy. @throws as `restore` */
  async tryOut(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
    const { container, pid } = await this.#restore(spec, signal)
    const memory = await this.#parts.kernel.memoryOf(pid).catch(() => undefined)
    this.#copyBytes = memory?.ownBytes
    await container.destroy()
  }

  async drop(): Promise<void> {
    await this.#parts.template.end('it was dropped')
  }

  async #restore(
    spec: ContainerSpec,
    signal: AbortSignal,
  ): Promise<{ readonly container: Container; readonly pid: number }> {
    const { containers, template, recipe } = this.#parts
    if (template.gone !== undefined) throw this.#fault(template.gone)
    const empty = await containers.createEmpty(spec, signal)
    const begun = performance.now()
    try {
      const child = await this.#moveIn(empty, signal)
      const restoreMs = Math.round((performance.now() - begun) * 1000) / 1000
      const container = empty.occupy({ ...child, restored: { image: recipe.id, engine: 'fork', restoreMs } })
      return { container, pid: child.pid }
    } catch (cause) {
      await empty.destroy()
      throw this.#fault(cause)
    }
  }

  async #moveIn(
    empty: EmptyContainer,
    signal: AbortSignal,
  ): Promise<{ readonly pid: number; readonly ended: Promise<ProcessEnd> }> {
    const { template, kernel, seccomp, answerMs } = this.#parts
    const { place } = empty
    if (!place.confinement.seccomp.equals(seccomp)) throw new Error('the container has another seccomp filter')
    const { uid, gid, openFiles } = place.confinement
    const { directory, env, controlGroups } = place
    this.#restores += 1
    const confinement = { uid, gid, openFiles }
    const id = this.#restores
    const report = new ReportPipe(kernel)
    try {
      // The place is asked for again when the request is sent: if the container was removed meanwhile, its descriptors are others'.
      const descriptors = () => descriptorsOf(empty.place, report.writeFd)
      const request = { do: 'restore', id, directory, env, confinement, groups: controlGroups.length } as const
      const { pid, ended } = await template.ask<'restore'>(request, { descriptors, signal, answerMs })
      report.handedOver()
      if (!(await within(report.ready, signal))) throw signal.reason
      return { pid, ended }
    } finally {
      report.close()
    }
  }

  #fault(cause: unknown): Fault {
    const why = cause instanceof Error ? cause.message : String(cause)
    return new Fault('IMAGE_RESTORE', why, { cause, facts: { image: this.recipe.id } })
  }
}

/** In the order of the protocol (runtimes/CONTRACT.md, C33). */
function descriptorsOf({ namespaces, controlGroups, stdout, stderr, listener }: Place, report: number): number[] {
  const { pid, mnt, cgroup, uts, ipc, net } = namespaces
  return [pid, mnt, cgroup, uts, ipc, net, stdout, stderr, listener, report, ...controlGroups]
}
