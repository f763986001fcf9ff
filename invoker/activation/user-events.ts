import type { WhiskActivation } from '../domain/activation.ts'
import type { Identity } from '../domain/identity.ts'
import { writeActivationEvent } from '../domain/wire-event.ts'
import { Background } from '../lib/background.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Messaging } from '../ports/messaging.ts'

/** Tells of activations on the topic `events` (protocol reference 2.8). Nothing waits for it, and nothing is tried again. */
export class UserEvents {
  readonly #messaging: Messaging
  readonly #topic: string
  readonly #source: string
  readonly #clock: Clock
  readonly #background: Background

  constructor(options: {
    readonly messaging: Messaging
    readonly topic: string
    readonly invoker: number
    readonly clock: Clock
    readonly log: Log
  }) {
    this.#messaging = options.messaging
    this.#topic = options.topic
    this.#source = `invoker${options.invoker}`
    this.#clock = options.clock
    this.#background = new Background((what, error) => options.log.warn(`cannot ${what}`, { error }))
  }

  /** Sends the event of an activation whose slot is being freed. */
  activation(record: WhiskActivation, user: Identity): void {
    const event = writeActivationEvent(record, {
      source: this.#source,
      userId: user.namespace.uuid,
      timestamp: this.#clock.now(),
    })
    if (event !== undefined) this.#background.run('send a user event', this.#messaging.send(this.#topic, event))
  }

  /** Resolves when every event was sent or given up. */
  idle(): Promise<void> {
    return this.#background.idle()
  }
}
