import { readdirSync, readFileSync } from 'node:fs'
import type { ImageRecipe, ImageSizes, TimedImport } from '../../domain/dependency-image.ts'
import type { CheckpointContainers, CheckpointSource } from '../../ports/checkpoints.ts'
import type { ContainerSpec } from '../../ports/containers.ts'
import type { BuildProgress } from '../../ports/image-engine.ts'
import type { Kernel } from '../../ports/kernel.ts'
import { ask, orItsEnd } from './ask.ts'
import { type Checkpoint, checkpoint, Unsuitable } from './checkpoint.ts'
import { clear } from './clear.ts'
import type { CriuProgram } from './program.ts'

/** The last lines that a runtime which becomes an image may print, in bytes. */
const OUTPUT_BYTES = 64 * 1024
/** How long it may be busy with nothing to say: it tidies up. */
const TIDY_MS = 10_000

/** A checkpoint, and what was seen while it was made. */
export interface Made {
  readonly checkpoint: Checkpoint
  readonly imports: readonly TimedImport[]
  readonly loaded: readonly string[]
  readonly sizes: ImageSizes
}

/** What making one needs. */
export interface MakeOptions {
  readonly containers: CheckpointContainers
  readonly kernel: Pick<Kernel, 'adoptStrays'>
  readonly program: CriuProgram
  /** An empty directory for it. */
  readonly directory: string
  /** The container that it is made in: copies have its memory limit. */
  readonly spec: ContainerSpec
  readonly signal: AbortSignal
  onProgress(progress: BuildProgress): void
}

/**
 * Starts a kind's runtime, lets it load what the recipe says, and writes it to files. Of the container nothing is left.
 * @throws Unsuitable; Error
 */
export async function makeCheckpoint(recipe: ImageRecipe, options: MakeOptions): Promise<Made> {
  const { containers, kernel, program, directory, spec, signal } = options
  const beforeMs = Date.now()
  const source = await containers.startSource(spec, signal)
  try {
    const imports = await preload(source, recipe, options)
    const loaded = await park(source, signal)
    const sizes = sizesOf(source.runtimePid)
    refuseProcesses(source.runtimePid)
    const made = await checkpoint(source, { program, directory, beforeMs, signal })
    return { checkpoint: made, imports, loaded, sizes: { ...sizes, anonymousBytes: made.pagesBytes } }
  } finally {
    await clear(source.container, kernel)
  }
}

async function preload(
  { container }: CheckpointSource,
  { imports }: ImageRecipe,
  { signal, onProgress }: MakeOptions,
): Promise<readonly TimedImport[]> {
  const timed: TimedImport[] = []
  for (const [done, one] of imports.entries()) {
    onProgress({ done, total: imports.length, now: one.module })
    const { ms } = await orItsEnd(
      container.exited,
      ask(container.endpoint, request('/preload', { module: one.module }, signal)),
    )
    timed.push({ ...one, ms: Number(ms) })
  }
  onProgress({ done: imports.length, total: imports.length, now: 'writing it to files' })
  return timed
}

/** Has the runtime tidy up; gives which packages are loaded. It says so with the sentinels that end an activation's output. */
async function park({ container }: CheckpointSource, signal: AbortSignal): Promise<readonly string[]> {
  const { loaded } = await orItsEnd(container.exited, ask(container.endpoint, request('/park', {}, signal)))
  const { end } = await container.logs.take({
    awaitSentinels: true,
    limitBytes: OUTPUT_BYTES,
    idleMs: TIDY_MS,
    timeoutMs: TIDY_MS,
  })
  signal.throwIfAborted()
  if (end !== 'sentinels') throw new Unsuitable(`the runtime did not come to rest within ${TIDY_MS} ms (${end})`)
  return Array.isArray(loaded) ? loaded.map(String) : []
}

function request(path: string, body: { readonly module?: string }, signal: AbortSignal) {
  return { path, body, signal }
}

function sizesOf(pid: number): Pick<ImageSizes, 'fileBytes' | 'vmas'> {
  const kilobytes = /^RssFile:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  const vmas = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').length - 1
  return { fileBytes: Number(kilobytes) * 1024, vmas }
}

/** A copy is one process. */
function refuseProcesses(pid: number): void {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )
  if (children.length > 0) throw new Unsuitable(`${children.length} processes were started`)
}
