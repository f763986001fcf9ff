import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { imageApp } from '../adapters/admin/image-routes.ts'
import { Breaker } from '../adapters/breaker/breaker.ts'
import { CriuEngine } from '../adapters/criu/criu-engine.ts'
import { ForkEngine } from '../adapters/fork/fork-engine.ts'
import type { Config } from '../config/read-config.ts'
import { MiB } from '../domain/size.ts'
import { Fault } from '../faults/fault.ts'
import { type ImagesManifest, nothingPinned, parseImagesManifest } from '../images/images-manifest.ts'
import { WarmSwap } from '../images/warm-swap.ts'
import type { ImageSettings } from '../images/warm-swap-options.ts'
import type { Shutdown } from '../lib/shutdown.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/documents.ts'
import type { ImageEngine } from '../ports/image-engine.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Containers } from './containers.ts'
import type { Runtimes } from './runtimes.ts'

/** A template that does not fork within this time is stuck: forking takes milliseconds. */
const answerMs = 5_000

/** What dependency images are joined from. */
export interface ImageParts {
  /** Name of this invoker on the host. */
  readonly instance: string
  readonly database: DocumentStore
  readonly containers: Containers
  readonly runtimes: Runtimes
  /** The checkout. */
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly shutdown: Shutdown
}

/**
 * Joins dependency images; what it opens is owned by `shutdown`. Undefined where they are off, or where containers are no place to
 * restore into. `start` of what it gives begins to build.
 * @throws Fault SETTINGS_WRONG when the manifest of images cannot be read.
 */
export function buildImages(config: Config, parts: ImageParts): WarmSwap | undefined {
  const { containers, log, meter, shutdown, runtimes } = parts
  if (!config.images.isEnabled) return undefined
  const pins = readPins(config, runtimes)
  const engines = enginesOf(config, parts)
  if (engines.length === 0) {
    log.warn('dependency images are off', { reason: containers.isolation })
    return undefined
  }
  for (const engine of engines) shutdown.own(`image engine "${engine.name}"`, engine)
  const images = new WarmSwap({
    ...parts,
    engines,
    inventory: runtimes.inventory,
    runtimes: runtimes.manifest,
    pins,
    invoker: parts.instance,
    makeBreaker: (name) => new Breaker({ name, fault: 'IMAGE_RESTORE', meter, minCalls: 3 }),
    settings: settingsOf(config),
  })
  return shutdown.own('dependency images', images)
}

function enginesOf(
  config: Config,
  { containers, runtimes, instance, root, env, log }: ImageParts,
): readonly ImageEngine[] {
  if (containers.forImages === undefined) return []
  const { containers: places, kernel } = containers.forImages
  const launchOf = (kind: string) => runtimes.host.offered.get(kind)
  return [
    new ForkEngine({ instance, launchOf, containers: places, kernel, answerMs }),
    new CriuEngine({
      ...{ instance, launchOf, containers: places, kernel, log },
      // Below what the factory removes of a killed invoker.
      directory: join(config.containers.stateDir, instance, 'images'),
      budgetBytes: config.images.budgetMb * MiB,
      memoryMb: config.limits.memory.std,
      toolsDirectory: env.WARMWHISK_TOOLS ?? join(root, '.warmwhisk/tools'),
    }),
  ]
}

function settingsOf({ images }: Config): ImageSettings {
  const { budgetMb, stemBudgetMb, stemsPerImage, sharing, isLearning, wasteShare } = images
  const { buildTimeoutMs, buildMemoryMb, restoreTimeoutMs } = images
  return {
    ...{ budgetMb, stemBudgetMb, stemsPerImage, sharing, isLearning, wasteShare },
    ...{ buildTimeoutMs, buildMemoryMb, restoreTimeoutMs },
  }
}

function readPins({ images }: Config, { manifest }: Runtimes): ImagesManifest {
  if (images.manifest === '') return nothingPinned
  let json: unknown
  try {
    json = JSON.parse(readFileSync(images.manifest, 'utf8'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('SETTINGS_WRONG', `the manifest of images "${images.manifest}" cannot be read: ${why}`, { cause })
  }
  return parseImagesManifest(json, manifest)
}

/** What operators may do of images, as HTTP for a socket that only they can open; images are undefined where they are off. */
export function imagesForOperators(images: WarmSwap | undefined, log: Log): RequestListener {
  return imageApp({ images, log })
}
