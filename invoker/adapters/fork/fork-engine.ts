import { closeSync } from 'node:fs'
import type { ImageRecipe } from '../../domain/dependency-image.ts'
import { Fault } from '../../faults/fault.ts'
import { atLatest } from '../../lib/at-latest.ts'
import type { ContainerSpec } from '../../ports/containers.ts'
import type { TemplateProcess, TemplateSpec } from '../../ports/empty-containers.ts'
import type { BuildLimits, ImageEngine, LiveImage } from '../../ports/image-engine.ts'
import { buildImage } from './build-image.ts'
import type { ForkEngineOptions } from './options.ts'
import { Template, Unsuitable } from './template.ts'
import { hasTemplate, templateLaunch } from './template-launch.ts'

/** What the container has in which an image is tried. */
const TRIAL_MB = 256
const TRIAL_SHARES = 256

/** Images as template processes, which are restored by forking. */
export class ForkEngine implements ImageEngine {
  readonly name = 'fork'
  readonly #options: ForkEngineOptions
  readonly #templates = new Set<Template>()
  /** The same for every container of the factory. */
  #seccomp: Promise<Buffer> | undefined
  #isOpen = true
  #number = 0

  constructor(options: ForkEngineOptions) {
    this.#options = options
  }

  serves(kind: string): boolean {
    const launch = this.#options.launchOf(kind)
    return launch !== undefined && hasTemplate(launch)
  }

  async unavailable(): Promise<string | undefined> {
    return process.getuid?.() === 0 ? undefined : 'Forking into containers needs root'
  }

  async build(recipe: ImageRecipe, limits: BuildLimits): Promise<LiveImage> {
    const signal = atLatest(limits.timeoutMs, limits.signal)
    try {
      return await this.#build(recipe, { ...limits, signal })
    } catch (cause) {
      throw faultOf(cause, recipe)
    }
  }

  async stop(): Promise<void> {
    this.#isOpen = false
    await Promise.all([...this.#templates].map((template) => template.end('the engine was stopped')))
  }

  async #build(recipe: ImageRecipe, limits: BuildLimits): Promise<LiveImage> {
    const { kind } = recipe.identity
    this.#number += 1
    const name = `${this.#options.instance}_template${this.#number}_${recipe.id.slice(0, 12)}`
    const seccomp = await this.#filter(aTrial(`${name}_filter`, kind), limits.signal)
    const template = await this.#start({ name, kind, memoryMb: limits.memoryMb }, limits.signal)
    try {
      const trial = aTrial(`${name}_trial`, kind)
      return await buildImage(recipe, { options: this.#options, template, seccomp, trial, limits })
    } catch (error) {
      await template.end('its build failed')
      throw error
    }
  }

  async #start(
    { name, kind, memoryMb }: { readonly name: string; readonly kind: string; readonly memoryMb: number },
    signal: AbortSignal,
  ): Promise<Template> {
    const { launchOf, kernel } = this.#options
    const launch = launchOf(kind)
    if (launch === undefined || !hasTemplate(launch)) throw new Error(`"${kind}" has no template`)
    const { ours, theirs } = kernel.socketPair()
    const spec = { name, memoryMb, launch: templateLaunch(launch, memoryMb), controlFd: theirs }
    const process = await this.#startProcess(spec, { signal, ours })
    const template = new Template({ process, controlFd: ours, kernel })
    this.#templates.add(template)
    template.ended.then(() => this.#templates.delete(template)).catch(() => undefined)
    if (!this.#isOpen) {
      await template.end('the engine was stopped')
      throw new Error('the engine was stopped')
    }
    return template
  }

  async #startProcess(
    spec: TemplateSpec,
    { signal, ours }: { readonly signal: AbortSignal; readonly ours: number },
  ): Promise<TemplateProcess> {
    try {
      return await this.#options.containers.startTemplate(spec, signal)
    } catch (error) {
      closeSync(ours)
      throw error
    } finally {
      // Only the template has it from here on, so that its end is the end of the channel.
      closeSync(spec.controlFd)
    }
  }

  /** What runs in our containers runs under this filter. Read once from a container that is made for it. */
  #filter(spec: ContainerSpec, signal: AbortSignal): Promise<Buffer> {
    this.#seccomp ??= this.#readFilter(spec, signal).catch((error: unknown) => {
      this.#seccomp = undefined
      throw error
    })
    return this.#seccomp
  }

  async #readFilter(spec: ContainerSpec, signal: AbortSignal): Promise<Buffer> {
    const empty = await this.#options.containers.createEmpty(spec, signal)
    try {
      return empty.place.confinement.seccomp
    } finally {
      await empty.destroy()
    }
  }
}

function aTrial(name: string, kind: string): ContainerSpec {
  return { name, kind, memoryMb: TRIAL_MB, cpuShares: TRIAL_SHARES, env: {} }
}

function faultOf(cause: unknown, recipe: ImageRecipe): Fault {
  const why = cause instanceof Error ? cause.message : String(cause)
  const code = cause instanceof Unsuitable ? 'IMAGE_UNSUITABLE' : 'IMAGE_BUILD'
  return new Fault(code, why, { cause, facts: { image: recipe.id } })
}
