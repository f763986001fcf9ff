import { InvokerCore } from '../activation/invoker-core.ts'
import type { OnStep } from '../activation/steps.ts'
import { HttpActionClient } from '../adapters/action-http/http-action-client.ts'
import { FileJournal } from '../adapters/journal/file-journal.ts'
import type { Config } from '../config/read-config.ts'
import type { InvokerInstance } from '../domain/instance.ts'
import type { Shutdown } from '../lib/shutdown.ts'
import type { Clock } from '../ports/clock.ts'
import type { Images, ImportLearner } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import type { Messaging } from '../ports/messaging.ts'
import type { Meter } from '../ports/meter.ts'
import type { Containers } from './containers.ts'
import type { Stores } from './documents.ts'
import type { Runtimes } from './runtimes.ts'
import { containerEnv, invokerSettings } from './settings.ts'

/** What the core is joined from. */
export interface CoreParts {
  readonly instance: InvokerInstance
  readonly messaging: Messaging
  readonly stores: Stores
  readonly containers: Containers
  readonly runtimes: Runtimes
  /** Folder of the journal, which is there. */
  readonly journalDir: string
  /** `__OW_API_HOST` of the containers. */
  readonly apiHost: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly shutdown: Shutdown
  /** Dependency images, where they are on. */
  readonly images: (Images & ImportLearner) | undefined
  /** Told of every step of every activation. */
  readonly onStep?: OnStep
}

/** Joins the parts of an invoker; `start` of what it gives begins to work. What it opens is owned by `shutdown`. */
export function buildCore(config: Config, parts: CoreParts): InvokerCore {
  const { instance, messaging, stores, containers, runtimes, clock, log, meter, shutdown } = parts
  const journal = shutdown.own(
    'journal',
    new FileJournal({ directory: parts.journalDir, isSynced: config.journal.fsync, log }),
  )
  return shutdown.own(
    'invoker',
    new InvokerCore({
      messaging,
      actions: stores.actions,
      activations: stores.activations,
      blacklist: stores.blacklist,
      factory: containers.factory,
      actionClient: new HttpActionClient({ clock }),
      journal,
      manifest: runtimes.manifest,
      limits: config.limits,
      instance,
      clock,
      log,
      meter,
      settings: invokerSettings(
        config,
        containerEnv(parts.apiHost, { extraEnv: config.containers.extraEnv, env: parts.env }),
      ),
      unlock: (value, algorithm) => stores.parameters.unlockValue(value, algorithm),
      ...(parts.images ? { images: parts.images, learner: parts.images } : {}),
      ...(parts.onStep ? { onStep: parts.onStep } : {}),
    }),
  )
}
