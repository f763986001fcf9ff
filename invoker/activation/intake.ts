import type { ActivationMessage } from '../domain/activation-message.ts'
import { type ReadMessage, readActivationMessage } from '../domain/wire-activation-message.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Incoming } from '../ports/messaging.ts'
import type { Meter } from '../ports/meter.ts'
import type { AckSender } from './ack-sender.ts'
import type { Gate } from './gate.ts'
import { Once } from './once.ts'
import type { ActivationPipeline } from './pipeline.ts'
import type { Recoverer } from './recoverer.ts'
import type { Owed } from './recovery.ts'
import type { OnStep } from './steps.ts'

type Unreadable = Extract<ReadMessage, { readonly ok: false }>

/** Takes messages from the topic `invoker<N>`: reads them, settles those of an earlier process, and runs the others. */
export class Intake {
  readonly #pipeline: ActivationPipeline
  readonly #recoverer: Recoverer
  readonly #acks: AckSender
  readonly #clock: Clock
  readonly #log: Log
  readonly #meter: Meter
  readonly #onStep: OnStep
  readonly #running: Gate
  readonly #once = new Once()

  constructor(options: {
    readonly pipeline: ActivationPipeline
    readonly recoverer: Recoverer
    readonly acks: AckSender
    readonly clock: Clock
    readonly log: Log
    readonly meter: Meter
    readonly onStep: OnStep
    readonly running: Gate
  }) {
    this.#pipeline = options.pipeline
    this.#recoverer = options.recoverer
    this.#acks = options.acks
    this.#clock = options.clock
    this.#log = options.log
    this.#meter = options.meter
    this.#onStep = options.onStep
    this.#running = options.running
  }

  /** Handles one message; its offset may be committed when the promise settles. */
  handle(incoming: Incoming): Promise<void> {
    const read = readActivationMessage(incoming.value, this.#clock.now())
    if (!read.ok) return this.#refuse(read, incoming)
    const { message } = read
    return this.#once.run(message.activationId, () => this.#activate(message, incoming.offset))
  }

  #activate(message: ActivationMessage, offset: string): Promise<void> {
    this.#onStep('received', message.activationId)
    const owed = this.#recoverer.owedFor(message)
    return owed.kind === 'run' ? this.#pipeline.run(message, offset) : this.#pay(message, owed)
  }

  async #pay(message: ActivationMessage, owed: Exclude<Owed, { readonly kind: 'run' }>): Promise<void> {
    this.#running.enter()
    try {
      await this.#recoverer.pay(message, owed)
    } finally {
      this.#running.leave()
    }
  }

  /** Logs and counts a message that breaks the rules, and frees its slot where it can still be told whose it is. */
  async #refuse({ error, answerable }: Unreadable, { topic, partition, offset, value }: Incoming): Promise<void> {
    this.#meter.count('counter_invoker_unreadableMessage_counter_total', { topic })
    this.#log.error('message cannot be read', { topic, partition, offset, bytes: value.length, reason: error.message })
    if (!answerable) return
    const { transid, activationId, controller } = answerable
    await this.#acks.send({ kind: 'combined', controller, parts: { transid, activationId }, isSystemError: false })
  }
}
