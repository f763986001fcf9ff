import type { ImageRecipe, TimedImport } from '../../domain/dependency-image.ts'
import type { ContainerSpec } from '../../ports/containers.ts'
import type { BuildLimits } from '../../ports/image-engine.ts'
import { ForkImage } from './fork-image.ts'
import { hasRights, look, whyUnsuitable } from './inspect.ts'
import type { Built } from './messages.ts'
import type { ForkEngineOptions } from './options.ts'
import { type Template, Unsuitable } from './template.ts'

/** Share of the CPU of a template that was built: forking is short, and somebody waits for it. */
const RESTORE_SHARES = 1024

/** What a build has. */
export interface BuildParts {
  readonly options: ForkEngineOptions
  /** It runs, and has imported nothing yet. */
  readonly template: Template
  /** The compiled filter of our containers. */
  readonly seccomp: Buffer
  /** For the container that the image is tried in. */
  readonly trial: ContainerSpec
}

/**
 * Makes an image of a template: imports, looks at it from outside, tries a fork in place and a restore.
 * @throws Unsuitable; Error when a step fails; the signal's reason.
 */
export async function buildImage(
  recipe: ImageRecipe,
  parts: BuildParts & { readonly limits: BuildLimits },
): Promise<ForkImage> {
  const { options, template, seccomp, trial, limits } = parts
  const { signal, memoryMb } = limits
  const begun = performance.now()
  const total = recipe.imports.length
  const imports = recipe.imports.map(({ module }) => module)
  const onProgress = ({ module, done }: { readonly module: string; readonly done: number }): void =>
    limits.onProgress({ done, total, now: module })
  const { built } = await template.ask<'build'>({ do: 'build', imports }, { signal, onProgress })
  limits.onProgress({ done: total, total, now: 'a first restore' })
  await template.ask<'confine'>({ do: 'confine', seccomp: seccomp.toString('base64') }, { signal })
  await template.ask<'smoke'>({ do: 'smoke' }, { signal })
  check(template.process.pid)
  const memory = await options.kernel.memoryOf(template.process.pid)
  template.process.cgroup.resize({ memoryMb, cpuShares: RESTORE_SHARES })
  const image = new ForkImage({
    ...{
      recipe,
      template,
      seccomp,
      containers: options.containers,
      kernel: options.kernel,
      answerMs: options.answerMs,
    },
    imports: timed(recipe, built),
    loaded: built.modules,
    sizes: { anonymousBytes: memory.anonymousBytes, fileBytes: memory.fileBytes, vmas: memory.vmas },
    buildMs: Math.round(performance.now() - begun),
  })
  await image.tryOut(trial, signal)
  return image
}

/** It was said before; from outside nobody can be told a story. */
function check(pid: number): void {
  const seen = look(pid)
  const why = whyUnsuitable(seen)
  if (why !== undefined) throw new Unsuitable(why)
  if (!hasRights(seen)) throw new Error(`the template has the capabilities ${seen.capabilities.toString(16)}`)
}

/** Times of this machine, with what the recipe knows of each module. */
function timed(recipe: ImageRecipe, built: Built): TimedImport[] {
  const times = new Map(built.imports.map(({ module, ms }) => [module, ms]))
  return recipe.imports.map((one) => ({ ...one, ms: times.get(one.module) ?? one.ms }))
}
