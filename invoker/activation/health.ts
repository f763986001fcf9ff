import type { InvokerInstance } from '../domain/instance.ts'
import { writePing } from '../domain/wire-ping.ts'
import { Background } from '../lib/background.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Messaging } from '../ports/messaging.ts'

const everyMs = 1_000

/**
 * Tells the controllers that this invoker lives (protocol reference 2.7): a ping starts one second after the one before it
 * started, or at once when that took longer. Disabled, it says so once and is silent; what is queued still runs (4.5).
 */
export class HealthPings {
  readonly #messaging: Messaging
  readonly #topic: string
  readonly #instance: InvokerInstance
  readonly #clock: Clock
  readonly #background: Background
  #isEnabled = false
  #cancel: () => void = () => undefined
  #isFailing = false

  constructor(options: {
    readonly messaging: Messaging
    readonly topicPrefix: string
    readonly instance: InvokerInstance
    readonly clock: Clock
    readonly log: Log
  }) {
    this.#messaging = options.messaging
    this.#topic = `${options.topicPrefix}health`
    this.#instance = options.instance
    this.#clock = options.clock
    this.#background = new Background((what, error) => {
      // Once for each outage: this happens every second.
      if (!this.#isFailing) options.log.warn(`cannot ${what}`, { error })
      this.#isFailing = true
    })
  }

  get isEnabled(): boolean {
    return this.#isEnabled
  }

  /** Pings from now on; false when it did already. */
  enable(): boolean {
    if (this.#isEnabled) return false
    this.#isEnabled = true
    this.#beat()
    return true
  }

  /** Says that this invoker takes no more, and stops pinging; false when it had stopped already. */
  disable(): boolean {
    if (!this.#isEnabled) return false
    this.#isEnabled = false
    this.#cancel()
    this.#background.run('say that the invoker is disabled', this.#ping(false))
    return true
  }

  /** Disables; resolves when nothing is being sent. */
  async stop(): Promise<void> {
    this.disable()
    await this.#background.idle()
  }

  #beat(): void {
    const startedMs = this.#clock.now()
    const sending = this.#ping(true).finally(() => {
      if (!this.#isEnabled) return
      const leftMs = Math.max(0, startedMs + everyMs - this.#clock.now())
      this.#cancel = this.#clock.after(leftMs, () => this.#beat())
    })
    this.#background.run('ping', sending)
  }

  async #ping(isEnabled: boolean): Promise<void> {
    await this.#messaging.send(this.#topic, writePing(this.#instance, isEnabled))
    this.#isFailing = false
  }
}
