import { atLatest } from '../lib/at-latest.ts'
import { within } from '../lib/within.ts'
import { ActionKeys } from '../pool/action-key.ts'
import { ContainerPool } from '../pool/pool.ts'
import type { PoolFigures } from '../pool/pool-gauges.ts'
import type { Subscription } from '../ports/messaging.ts'
import { AckSender } from './ack-sender.ts'
import { Admission } from './admission.ts'
import { LogCollector } from './collect-logs.ts'
import { Conclusion } from './conclusion.ts'
import { Execution } from './execution.ts'
import { Gate } from './gate.ts'
import { HealthPings } from './health.ts'
import { ImportRecording } from './import-recording.ts'
import { Intake } from './intake.ts'
import type { InvokerCoreOptions } from './invoker-options.ts'
import { JournalNotes } from './journal-notes.ts'
import { maxInFlight } from './max-in-flight.ts'
import { ActivationPipeline } from './pipeline.ts'
import { RecordKeeper } from './record-keeper.ts'
import { Recoverer } from './recoverer.ts'
import type { OnStep } from './steps.ts'
import { UserEvents } from './user-events.ts'

/** How long activations that were cut short have to be acked and recorded, and how long the goodbye to the broker may take. */
const lastWordsMs = 5_000

/** The invoker without its adapters: takes activations from `invoker<N>`, runs them, acks and records them, and pings. */
export class InvokerCore {
  readonly #options: InvokerCoreOptions
  readonly #pool: ContainerPool
  readonly #health: HealthPings
  readonly #recoverer: Recoverer
  readonly #intake: Intake
  readonly #keeper: RecordKeeper
  readonly #events: UserEvents | undefined
  readonly #running = new Gate()
  /** Aborts when what runs must end. */
  readonly #cutShort = new AbortController()
  /** Aborts when nothing is sent any more. */
  readonly #silence = new AbortController()
  #feed: Subscription | undefined

  constructor(options: InvokerCoreOptions) {
    this.#options = options
    const { messaging, instance, settings, activations, clock, log, meter, limits } = options
    const tools = { messaging, clock, log, meter, onStep: onStepOf(options) }
    const levels = { blocking: settings.storeBlockingResults, nonBlocking: settings.storeNonBlockingResults }
    const notes = new JournalNotes({ ...options })
    const acks = new AckSender({ ...tools, instance, topicPrefix: settings.topicPrefix, signal: this.#silence.signal })
    this.#pool = new ContainerPool({ ...options, client: options.actionClient })
    this.#health = new HealthPings({ ...tools, instance, topicPrefix: settings.topicPrefix })
    this.#keeper = new RecordKeeper({
      ...tools,
      sink: activations,
      onStored: ({ activationId }) => notes.done(activationId),
    })
    this.#events = settings.hasUserEvents
      ? new UserEvents({ ...tools, topic: `${settings.userEventsTopicPrefix}events`, invoker: instance.instance })
      : undefined
    const conclusion = new Conclusion({ ...tools, acks, notes, keeper: this.#keeper, events: this.#events })
    const pipeline = new ActivationPipeline({
      ...tools,
      admission: new Admission(options),
      execution: new Execution({
        ...tools,
        pool: this.#pool,
        keys: new ActionKeys(),
        limits,
        unlock: options.unlock,
        maxReschedules: settings.maxReschedules,
        recording: options.learner && new ImportRecording({ learner: options.learner, log, meter }),
        stopping: this.#cutShort.signal,
      }),
      collector: new LogCollector(options),
      conclusion,
      notes,
      running: this.#running,
      ackTopicOf: (controller) => acks.topicOf(controller),
      levels,
      areLogsOutOfBand: settings.areLogsOutOfBand,
      tellsStarts: options.images !== undefined,
    })
    const { rerunStarted } = settings
    this.#recoverer = new Recoverer({ ...options, notes, keeper: this.#keeper, conclusion, levels, rerunStarted })
    this.#intake = new Intake({ ...tools, pipeline, recoverer: this.#recoverer, acks, running: this.#running })
  }

  /** For the admin port: enable, disable, isEnabled (protocol reference 4.6). */
  get health(): HealthPings {
    return this.#health
  }

  /** What the pool holds now. */
  figures(): PoolFigures {
    return this.#pool.figures()
  }

  /**
   * Makes the topic, removes what an earlier process left, settles what it owed, then takes activations and pings (4.4).
   * @throws what messaging, the journal or the factory faults.
   */
  async start(): Promise<void> {
    const { messaging, factory, journal, instance, settings, limits, log } = this.#options
    const topic = `${settings.topicPrefix}invoker${instance.instance}`
    await messaging.ensureTopic({ name: topic, ...settings.invokerTopic })
    const removed = await factory.removeLeftovers()
    if (removed > 0) log.warn('containers of an earlier process were removed', { removed })
    await this.#recoverer.start()
    this.#pool.start()
    this.#feed = await messaging.subscribe(
      {
        topic,
        group: topic,
        from: 'earliest',
        maxInFlight: maxInFlight({
          userMemoryMb: settings.userMemoryMb,
          leastMemoryMb: limits.memory.min,
          maxConcurrency: limits.concurrency.max,
          peekFactor: settings.concurrentPeekFactor,
        }),
        onCommitted: ({ offset }) => journal.committed(offset),
      },
      (message) => this.#intake.handle(message),
    )
    this.#health.enable()
    log.info('invoker takes activations', { topic, instance: instance.instance })
  }

  /**
   * Takes nothing more, lets what runs end within the drain time, cuts the rest short (acked and recorded as whisk errors),
   * and destroys every container. What had no container yet stays uncommitted, for the next start.
   */
  async stop(signal: AbortSignal): Promise<void> {
    const { settings, clock, log } = this.#options
    const unfinished = new AbortController()
    const farewell = this.#health.stop()
    const feed = this.#feed?.stop(AbortSignal.any([signal, unfinished.signal]))
    this.#pool.close()
    if (!(await this.#drained(settings.drainMs, signal))) {
      log.warn('activations are cut short', { count: this.#running.size })
      this.#cutShort.abort()
    }
    await this.#pool.stop(signal)
    await this.#lastWords()
    // Messages without a container never end here: the feed need not wait for them.
    clock.after(1_000, () => unfinished.abort())
    await feed
    this.#keeper.stop()
    // A broker that is away must not hold up the end.
    const soon = atLatest(lastWordsMs, signal)
    await within(Promise.all([farewell, this.#events?.idle()]), soon)
    this.#silence.abort(new Error('The invoker has stopped'))
  }

  async #drained(drainMs: number, signal: AbortSignal): Promise<boolean> {
    return within(this.#running.empty(), atLatest(drainMs, signal))
  }

  async #lastWords(): Promise<void> {
    await within(this.#running.empty(), AbortSignal.timeout(lastWordsMs))
  }
}

/** Steps go to the debug log, and to whoever asked. */
function onStepOf({ log, onStep }: Pick<InvokerCoreOptions, 'log' | 'onStep'>): OnStep {
  return (step, activationId) => {
    log.debug('activation step', { step, activationId })
    onStep?.(step, activationId)
  }
}
