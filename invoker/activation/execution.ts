import type { ExecutableAction } from '../domain/action.ts'
import type { ActivationMessage } from '../domain/activation-message.ts'
import type { SystemLimits } from '../domain/limits.ts'
import type { ActivationResponse } from '../domain/response.ts'
import { faults } from '../faults/catalogue.ts'
import { isFault } from '../faults/fault.ts'
import type { ActionKeys } from '../pool/action-key.ts'
import { type Demand, demandOf } from '../pool/demand.ts'
import { StartAborted } from '../pool/job.ts'
import type { Errand, Lease } from '../pool/lease.ts'
import type { ContainerPool } from '../pool/pool.ts'
import type { Exchange, ExchangeLimits } from '../ports/action-client.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { answerLimits } from './action-limits.ts'
import { splitArguments, type Unlock } from './arguments.ts'
import { type Circumstances, classifyInit, classifyRun, suggestsOutOfMemory, type Verdict } from './classify.ts'
import type { ImportRecording } from './import-recording.ts'
import type { Timing } from './record.ts'
import { initRequest, type RequestFacts, runRequest } from './requests.ts'
import { developerError, whiskError } from './responses.ts'
import type { OnStep } from './steps.ts'
import { texts } from './texts.ts'

/** How an admitted activation went. A lease that is given here is still out: its logs may be read before it is released. */
export type Outcome =
  | {
      readonly kind: 'ran'
      readonly lease: Lease
      readonly response: ActivationResponse
      readonly timing: Timing
      readonly isTimeout: boolean
      /** To be run in the container when it is released. */
      readonly errand?: Errand | undefined
    }
  | { readonly kind: 'failed-before' | 'aborted'; readonly response: ActivationResponse }

type Ran = Extract<Outcome, { readonly kind: 'ran' }>

/** One try to run an activation in a container. */
interface Attempt {
  readonly lease: Lease
  readonly demand: Demand
  readonly mayReschedule: boolean
  readonly timeoutMs: number
}

/** How /init went. */
type Initialised =
  | { readonly kind: 'accepted'; readonly initMs: number; readonly errand: Errand | undefined }
  | { readonly kind: 'over'; readonly outcome: Ran | 'reschedule' }

/** What an execution works with. */
export interface ExecutionOptions {
  readonly pool: ContainerPool
  readonly keys: ActionKeys
  readonly limits: SystemLimits
  readonly unlock: Unlock
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly onStep: OnStep
  /** How often one activation may be moved to another container. */
  readonly maxReschedules: number
  /** Learns what unknown code imports. */
  readonly recording: ImportRecording | undefined
  /** Aborts when activations that run must come to an end. */
  readonly stopping: AbortSignal
}

/** Gets a container for an admitted activation, and runs it there: /init where it must be, then /run (protocol reference 5.7). */
export class Execution {
  readonly #with: ExecutionOptions

  constructor(options: ExecutionOptions) {
    this.#with = options
  }

  /**
   * Runs the activation. `beforeUserCode` is called once, before user code may start.
   * @throws what `unlock` throws, before a container was asked for.
   */
  async run(
    message: ActivationMessage,
    action: ExecutableAction,
    beforeUserCode: () => Promise<void>,
  ): Promise<Outcome> {
    const facts: RequestFacts = { message, action, args: splitArguments(message, this.#with.unlock) }
    const demand = demandOf(action, message.user, this.#with.keys.of(action))
    let lease: Lease | undefined
    for (let attempt = 0; ; attempt += 1) {
      try {
        lease = await this.#with.pool.acquire(demand, lease)
      } catch (error) {
        return this.#notStarted(message, error)
      }
      this.#with.onStep('leased', message.activationId)
      const mayReschedule = attempt < this.#with.maxReschedules
      const before = attempt === 0 ? beforeUserCode : undefined
      const timeoutMs = action.limits.timeout
      const outcome = await this.#attempt(facts, { lease, demand, mayReschedule, timeoutMs, before })
      if (outcome !== 'reschedule') return outcome
      this.#with.log.warn('container is not fit, the activation runs elsewhere', {
        activationId: message.activationId,
        container: lease.container.id,
      })
      lease.release({ keep: false })
    }
  }

  async #attempt(
    facts: RequestFacts,
    how: Attempt & { readonly before: (() => Promise<void>) | undefined },
  ): Promise<Ran | 'reschedule'> {
    try {
      await how.before?.()
      return await this.#initAndRun(facts, how)
    } catch (error) {
      how.lease.release({ keep: false, failure: whiskError(texts.abnormalInit) })
      throw error
    }
  }

  async #initAndRun(facts: RequestFacts, attempt: Attempt): Promise<Ran | 'reschedule'> {
    const { clock, meter, onStep } = this.#with
    const { action, message } = facts
    const { lease } = attempt
    const begunMs = clock.now()
    const init = lease.mustInit ? await this.#init(facts, { ...attempt, begunMs }) : undefined
    if (init?.kind === 'over') return init.outcome
    // Alone in the container: what is left there is of those before it.
    if (lease.isReused && action.limits.concurrency === 1) lease.container.logs.dropRest()
    const runMs = init === undefined ? begunMs : clock.now()
    const exchange = await lease.connection.run(runRequest(facts, runMs), this.#runLimits(facts))
    const verdict = classifyRun(exchange, await this.#circumstances(exchange, attempt))
    if (verdict.kind !== 'answered') return 'reschedule'
    onStep('ran', message.activationId)
    meter.observe('histogram_invoker_activationRun_finish_seconds', exchange.elapsedMs / 1000)
    const timing = {
      start: runMs - (init?.initMs ?? 0),
      end: runMs + Math.round(exchange.elapsedMs),
      ...(init && { initMs: init.initMs }),
      begunMs,
    }
    return this.#ran(lease, { verdict, exchange, timing, errand: init?.errand })
  }

  async #init(facts: RequestFacts, attempt: Attempt & { readonly begunMs: number }): Promise<Initialised> {
    const { clock, limits, meter, onStep } = this.#with
    const { lease, timeoutMs, begunMs } = attempt
    const recording = await this.#with.recording?.begin(lease, attempt.demand)
    const exchange = await lease.connection.init(initRequest(facts, clock.now()), {
      timeoutMs,
      maxBytes: limits.payloadBytes,
      truncationBytes: limits.truncationBytes,
    })
    const initMs = Math.round(exchange.elapsedMs + (recording?.tookMs ?? 0))
    const verdict = classifyInit(exchange, await this.#circumstances(exchange, attempt))
    if (verdict.kind === 'reschedule') return { kind: 'over', outcome: 'reschedule' }
    meter.observe(`histogram_invoker_activationInit_${outcomeWord(verdict)}_seconds`, exchange.elapsedMs / 1000)
    if (verdict.kind === 'answered') {
      const timing = { start: begunMs, end: begunMs + initMs, initMs, begunMs }
      return { kind: 'over', outcome: this.#ran(lease, { verdict, exchange, timing, errand: undefined }) }
    }
    onStep('initialised', facts.message.activationId)
    lease.initialised()
    return { kind: 'accepted', initMs, errand: recording?.errand }
  }

  #runLimits({ action, message }: RequestFacts): ExchangeLimits {
    return { timeoutMs: action.limits.timeout, ...answerLimits(message.user.limits, this.#with.limits) }
  }

  async #circumstances(exchange: Exchange, { lease, mayReschedule, timeoutMs }: Attempt): Promise<Circumstances> {
    const isOutOfMemory = suggestsOutOfMemory(exchange, timeoutMs) && (await lease.container.wasOutOfMemory())
    return {
      timeoutMs,
      mayReschedule,
      isReused: lease.isReused,
      canStartOtherwise: lease.nextWay !== undefined,
      isOutOfMemory,
    }
  }

  #ran(
    lease: Lease,
    found: {
      readonly verdict: Extract<Verdict, { readonly kind: 'answered' }>
      readonly exchange: Exchange
      readonly timing: Timing
      readonly errand: Errand | undefined
    },
  ): Ran {
    const { verdict, exchange, timing, errand } = found
    const isComplete = exchange.kind === 'answered' || exchange.kind === 'truncated'
    // Our own stop breaks connections: that is not the action's fault.
    const isOurFault = this.#with.stopping.aborted && !isComplete
    return {
      kind: 'ran',
      lease,
      timing,
      response: isOurFault ? whiskError(texts.invokerStopped) : verdict.response,
      isTimeout: !isOurFault && verdict.isTimeout,
      // A runtime that did not answer has no more to say.
      errand: isComplete ? errand : undefined,
    }
  }

  #notStarted(message: ActivationMessage, error: unknown): Outcome {
    if (error instanceof StartAborted) return { kind: 'aborted', response: error.response }
    this.#with.log.warn('no container for an activation', { activationId: message.activationId, error })
    const isDevelopers = isFault(error) && faults[error.code].blame === 'developer'
    return {
      kind: 'failed-before',
      response: isDevelopers ? developerError(error.message) : whiskError(texts.creationFailed),
    }
  }
}

function outcomeWord(verdict: Verdict): 'finish' | 'error' {
  return verdict.kind === 'accepted' ? 'finish' : 'error'
}
