import type { ExecutableAction } from '../domain/action.ts'
import type { ActivationMessage } from '../domain/activation-message.ts'
import type { SystemLimits } from '../domain/limits.ts'
import type { ActivationResponse } from '../domain/response.ts'
import { faults } from '../faults/catalogue.ts'
import { isFault } from '../faults/fault.ts'
import type { ActionKeys } from '../pool/action-key.ts'
import { demandOf } from '../pool/demand.ts'
import { StartAborted } from '../pool/job.ts'
import type { Lease } from '../pool/lease.ts'
import type { ContainerPool } from '../pool/pool.ts'
import type { Exchange, ExchangeLimits } from '../ports/action-client.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { answerLimits } from './action-limits.ts'
import { splitArguments, type Unlock } from './arguments.ts'
import { type Circumstances, classifyInit, classifyRun, suggestsOutOfMemory, type Verdict } from './classify.ts'
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
    }
  | { readonly kind: 'failed-before' | 'aborted'; readonly response: ActivationResponse }

type Ran = Extract<Outcome, { readonly kind: 'ran' }>

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
    for (let attempt = 0; ; attempt += 1) {
      let lease: Lease
      try {
        lease = await this.#with.pool.acquire(demand)
      } catch (error) {
        return this.#notStarted(message, error)
      }
      this.#with.onStep('leased', message.activationId)
      const mayReschedule = attempt < this.#with.maxReschedules
      const outcome = await this.#attempt(facts, {
        lease,
        mayReschedule,
        before: attempt === 0 ? beforeUserCode : undefined,
      })
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
    how: {
      readonly lease: Lease
      readonly mayReschedule: boolean
      readonly before: (() => Promise<void>) | undefined
    },
  ): Promise<Ran | 'reschedule'> {
    try {
      await how.before?.()
      return await this.#initAndRun(facts, how)
    } catch (error) {
      how.lease.release({ keep: false, failure: whiskError(texts.abnormalInit) })
      throw error
    }
  }

  async #initAndRun(
    facts: RequestFacts,
    { lease, mayReschedule }: { readonly lease: Lease; readonly mayReschedule: boolean },
  ): Promise<Ran | 'reschedule'> {
    const { clock, limits, meter, onStep } = this.#with
    const { action, message } = facts
    const begunMs = clock.now()
    const timeoutMs = action.limits.timeout
    let initMs: number | undefined
    if (lease.mustInit) {
      const exchange = await lease.connection.init(initRequest(facts, begunMs), {
        timeoutMs,
        maxBytes: limits.payloadBytes,
        truncationBytes: limits.truncationBytes,
      })
      initMs = Math.round(exchange.elapsedMs)
      const verdict = classifyInit(exchange, await this.#circumstances(exchange, { lease, mayReschedule, timeoutMs }))
      if (verdict.kind === 'reschedule') return 'reschedule'
      meter.observe(`histogram_invoker_activationInit_${outcomeWord(verdict)}_seconds`, exchange.elapsedMs / 1000)
      if (verdict.kind === 'answered') {
        const timing = { start: begunMs, end: begunMs + initMs, initMs, begunMs }
        return this.#ran(lease, { verdict, exchange, timing })
      }
      onStep('initialised', message.activationId)
      lease.initialised()
    }
    // Alone in the container: what is left there is of those before it.
    if (lease.isReused && action.limits.concurrency === 1) lease.container.logs.dropRest()
    const runMs = initMs === undefined ? begunMs : clock.now()
    const exchange = await lease.connection.run(runRequest(facts, runMs), this.#runLimits(facts))
    const verdict = classifyRun(exchange, await this.#circumstances(exchange, { lease, mayReschedule, timeoutMs }))
    if (verdict.kind !== 'answered') return 'reschedule'
    onStep('ran', message.activationId)
    meter.observe('histogram_invoker_activationRun_finish_seconds', exchange.elapsedMs / 1000)
    const timing = {
      start: runMs - (initMs ?? 0),
      end: runMs + Math.round(exchange.elapsedMs),
      ...(initMs !== undefined && { initMs }),
      begunMs,
    }
    return this.#ran(lease, { verdict, exchange, timing })
  }

  #runLimits({ action, message }: RequestFacts): ExchangeLimits {
    return { timeoutMs: action.limits.timeout, ...answerLimits(message.user.limits, this.#with.limits) }
  }

  async #circumstances(
    exchange: Exchange,
    at: { readonly lease: Lease; readonly mayReschedule: boolean; readonly timeoutMs: number },
  ): Promise<Circumstances> {
    const { lease, mayReschedule, timeoutMs } = at
    const isOutOfMemory = suggestsOutOfMemory(exchange, timeoutMs) && (await lease.container.wasOutOfMemory())
    return { timeoutMs, mayReschedule, isReused: lease.isReused, isOutOfMemory }
  }

  #ran(
    lease: Lease,
    found: {
      readonly verdict: Extract<Verdict, { readonly kind: 'answered' }>
      readonly exchange: Exchange
      readonly timing: Timing
    },
  ): Ran {
    const { verdict, exchange, timing } = found
    // Our own stop breaks connections: that is not the action's fault.
    const isOurFault = this.#with.stopping.aborted && exchange.kind !== 'answered' && exchange.kind !== 'truncated'
    return {
      kind: 'ran',
      lease,
      timing,
      response: isOurFault ? whiskError(texts.invokerStopped) : verdict.response,
      isTimeout: !isOurFault && verdict.isTimeout,
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
