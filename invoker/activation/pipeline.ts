import type { ExecutableAction } from '../domain/action.ts'
import type { WhiskActivation } from '../domain/activation.ts'
import type { ActivationMessage } from '../domain/activation-message.ts'
import type { ActivationResponse } from '../domain/response.ts'
import { status } from '../domain/response.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Messaging } from '../ports/messaging.ts'
import type { Meter } from '../ports/meter.ts'
import { type AckPlan, ackPlan } from './ack-plan.ts'
import type { Admission } from './admission.ts'
import type { LogCollector } from './collect-logs.ts'
import { ackJson, type Conclusion } from './conclusion.ts'
import type { Execution, Outcome } from './execution.ts'
import type { Gate } from './gate.ts'
import type { JournalNotes } from './journal-notes.ts'
import { buildRecord, fallbackRecord } from './record.ts'
import { whiskError } from './responses.ts'
import { startAnnotation } from './start-annotation.ts'
import type { OnStep } from './steps.ts'
import { mustStore, type StoreLevel } from './store-conditions.ts'
import { texts } from './texts.ts'

/** What a pipeline is made of. */
export interface PipelineOptions {
  readonly admission: Admission
  readonly execution: Execution
  readonly collector: LogCollector
  readonly conclusion: Conclusion
  readonly notes: JournalNotes
  readonly messaging: Pick<Messaging, 'endOffset'>
  /** Those that have a container, or are being acked: what a stop waits for. */
  readonly running: Gate
  readonly ackTopicOf: (controller: string) => string
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly onStep: OnStep
  readonly levels: { readonly blocking: StoreLevel; readonly nonBlocking: StoreLevel }
  /** Logs go elsewhere: none are collected (protocol reference 6.6). */
  readonly areLogsOutOfBand: boolean
  /** Activations that met /init say how their container started. */
  readonly tellsStarts: boolean
}

/** The way of one activation (protocol reference 5.7): admission, container, init and run, acks, logs, record. */
export class ActivationPipeline {
  readonly #with: PipelineOptions

  constructor(options: PipelineOptions) {
    this.#with = options
  }

  /**
   * Brings the activation of a message to its end; `offset` is the message's own. Resolves when it is acked, its record is stored
   * or put off, and its container is given back. Stays pending where the pool was closed before a container was there.
   * @throws what the ack sender throws.
   */
  async run(message: ActivationMessage, offset: string): Promise<void> {
    const { admission, meter, onStep } = this.#with
    const visit = new Visit(message, offset)
    meter.count('counter_invoker_activation_start_total')
    const admitted = await admission.admit(message)
    try {
      switch (admitted.kind) {
        case 'admitted':
          onStep('admitted', message.activationId)
          await this.#execute(visit, admitted.action)
          return
        case 'refused':
          await this.#endWithout(visit, admitted.response, 'failed-before')
          return
        case 'blacklisted':
          await this.#endWithout(visit, admitted.response, 'blacklisted')
          return
        default:
          admitted satisfies never
      }
    } finally {
      if (visit.isRunning) this.#with.running.leave()
    }
  }

  async #execute(visit: Visit, action: ExecutableAction): Promise<void> {
    const { message } = visit
    let outcome: Outcome
    try {
      outcome = await this.#with.execution.run(message, action, () => this.#begin(visit))
    } catch (error) {
      this.#with.log.error('activation failed in the invoker', { activationId: message.activationId, error })
      return this.#endWithout(visit, whiskError(texts.abnormalRun), 'failed-before')
    }
    if (outcome.kind === 'ran') return this.#endRun(visit, action, outcome)
    const nowMs = this.#with.clock.now()
    const timing = { start: nowMs, end: nowMs, begunMs: nowMs }
    const record = buildRecord({ message, action, response: outcome.response, timing, isTimeout: false })
    return this.#end(visit, record, { plan: ackPlan({ kind: outcome.kind }, message.blocking) })
  }

  async #endRun(
    visit: Visit,
    action: ExecutableAction,
    outcome: Extract<Outcome, { readonly kind: 'ran' }>,
  ): Promise<void> {
    const { conclusion } = this.#with
    const { message } = visit
    const { response, timing, isTimeout } = outcome
    const more = this.#with.tellsStarts && outcome.lease.mustInit ? [startAnnotation(outcome.lease)] : []
    const bare = buildRecord({ message, action, response, timing, isTimeout, more })
    const collectsLogs = action.limits.logs > 0 && !this.#with.areLogsOutOfBand
    const plan = ackPlan({ kind: 'ran', collectsLogs }, message.blocking)
    const recordJson = plan.isShrunk ? undefined : ackJson(bare)
    const early = plan.early && recordJson !== undefined ? conclusion.result(message, recordJson) : undefined
    // The last ack awaits it; until then its failure must not count as unhandled.
    early?.catch(() => undefined)
    const record = collectsLogs ? await this.#withLogs(bare, { action, outcome }) : this.#released(bare, outcome, true)
    return this.#end(visit, record, { plan, recordJson, ...(early && { early }) })
  }

  /** Reads the logs, then gives the container back: it is busy until they are read (5.7, step 8). */
  async #withLogs(
    bare: WhiskActivation,
    { action, outcome }: { readonly action: ExecutableAction; readonly outcome: Extract<Outcome, { kind: 'ran' }> },
  ): Promise<WhiskActivation> {
    const { logs, isComplete } = await this.#with.collector.collect(outcome.lease, action, outcome.response)
    this.#with.onStep('logs-collected', bare.activationId)
    return this.#released(logs.length === 0 ? bare : { ...bare, logs }, outcome, isComplete)
  }

  /** Gives the container back; it is kept after success and application errors with whole logs (5.6). */
  #released(
    record: WhiskActivation,
    { lease, response, errand }: Extract<Outcome, { kind: 'ran' }>,
    areLogsComplete: boolean,
  ): WhiskActivation {
    const isFine = response.statusCode === status.success || response.statusCode === status.applicationError
    lease.release(isFine && areLogsComplete ? { keep: true, errand } : { keep: false, failure: response, errand })
    return record
  }

  #endWithout(visit: Visit, response: ActivationResponse, kind: 'failed-before' | 'blacklisted'): Promise<void> {
    const { message } = visit
    const record = fallbackRecord(message, response, this.#with.clock.now())
    return this.#end(visit, record, { plan: ackPlan({ kind }, message.blocking), mayStore: kind !== 'blacklisted' })
  }

  async #end(
    visit: Visit,
    record: WhiskActivation,
    how: {
      readonly plan: AckPlan
      readonly recordJson?: string | undefined
      readonly early?: Promise<void>
      readonly mayStore?: boolean
    },
  ): Promise<void> {
    const { plan, recordJson, early, mayStore = true } = how
    const { message } = visit
    // The journal knows each activation that is acked, so that its message is recognised when it comes again.
    if (!visit.isRunning) await this.#begin(visit)
    this.#with.meter.count('counter_activations_status_counter_total', { status: record.response.statusCode })
    const isStored = mayStore && mustStore(message, record.response.statusCode, this.#with.levels)
    await this.#with.conclusion.end(record, { message, plan, isStored, recordJson, ...(early && { early }) })
  }

  /** From here on a stop waits for it, and after a kill it does not start again. */
  async #begin(visit: Visit): Promise<void> {
    const { ackTopicOf, messaging, notes, onStep, running } = this.#with
    const { activationId, rootControllerIndex } = visit.message
    visit.isRunning = true
    running.enter()
    const ackTopic = ackTopicOf(rootControllerIndex.asString)
    // The start of the topic is a bound too, which only costs reading after a crash.
    const ackOffset = await messaging.endOffset(ackTopic).catch(() => '0')
    notes.started(activationId, { ackTopic, ackOffset, offset: visit.offset })
    onStep('started', activationId)
  }
}

/** One activation on its way. */
class Visit {
  readonly message: ActivationMessage
  readonly offset: string
  /** It has a container, or is being acked. */
  isRunning = false

  constructor(message: ActivationMessage, offset: string) {
    this.message = message
    this.offset = offset
  }
}
