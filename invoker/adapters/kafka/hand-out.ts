import type { EachBatchPayload } from 'kafkajs'
import { type Deferred, deferred } from '../../lib/deferred.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Incoming, OnMessage } from '../../ports/messaging.ts'
import type { PartitionOffset } from './committer.ts'
import { OffsetTracker } from './offset-tracker.ts'

/** What handing out needs. */
export interface HandOutOptions {
  readonly maxInFlight: number
  readonly heartbeatIntervalMs: number
  readonly onMessage: OnMessage
  /** Something is done. */
  readonly onDone: () => void
  readonly clock: Clock
  readonly log: Log
}

/**
 * Gives fetched messages to the handler, at most `maxInFlight` at once. The rest of a batch waits here: kafkajs fetches no
 * more until `batch` resolves, so that what waits is one fetch at most, and heartbeats go on meanwhile.
 */
export class HandOut {
  readonly #options: HandOutOptions
  readonly #trackers = new Map<number, OffsetTracker>()
  #inFlight = 0
  #isClosed = false
  /** Resolved when a place becomes free, the group is lost, or handing out closes. */
  #change: Deferred<void> | undefined
  #idle: Deferred<void> | undefined

  constructor(options: HandOutOptions) {
    this.#options = options
  }

  /** The handler of kafkajs. Rejects with the error of a heartbeat, which makes kafkajs join the group anew. */
  async batch({ batch, heartbeat, isRunning }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch
    const tracker = this.#tracker(topic, partition, Number(batch.highWatermark))
    const pulse = new Pulse(this.#options, heartbeat, () => this.#change?.resolve())
    try {
      for (const { offset, value } of batch.messages) {
        if (this.#isFull()) await this.#room(pulse)
        if (this.#isClosed || !isRunning()) return
        if (!tracker.take(Number(offset))) continue
        this.#inFlight += 1
        // Owned by #inFlight, which idle() waits for; it never rejects.
        void this.#handle({ topic, partition, offset, value: value ?? Buffer.alloc(0) }, tracker)
      }
    } finally {
      pulse.stop()
    }
  }

  /** Waits for a free place, with heartbeats. @throws why the place in the group is lost */
  async #room(pulse: Pulse): Promise<void> {
    while (this.#isFull()) {
      pulse.start()
      this.#change = deferred()
      await this.#change.promise
      if (pulse.lost !== undefined) throw pulse.lost
    }
  }

  #isFull(): boolean {
    return this.#inFlight >= this.#options.maxInFlight && !this.#isClosed
  }

  /** Hands out nothing more. */
  close(): void {
    this.#isClosed = true
    this.#change?.resolve()
  }

  /** Resolves when nothing is handed out and not done. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve()
    this.#idle ??= deferred()
    return this.#idle.promise
  }

  /** What is done and not confirmed by the broker. */
  open(): PartitionOffset[] {
    return [...this.#trackers].flatMap(([partition, tracker]) => {
      const offset = tracker.toCommit()
      return offset === undefined ? [] : [{ partition, offset }]
    })
  }

  /** The broker confirmed a commit. */
  committed({ partition, offset }: PartitionOffset): void {
    this.#trackers.get(partition)?.committed(offset)
  }

  async #handle(message: Incoming, tracker: OffsetTracker): Promise<void> {
    try {
      await this.#options.onMessage(message)
    } catch (error) {
      const { topic, partition, offset } = message
      this.#options.log.error('handler of a message failed', { topic, partition, offset, error })
    }
    tracker.done(Number(message.offset))
    this.#inFlight -= 1
    this.#change?.resolve()
    if (this.#inFlight === 0) this.#idle?.resolve()
    this.#options.onDone()
  }

  #tracker(topic: string, partition: number, end: number): OffsetTracker {
    let tracker = this.#trackers.get(partition)
    if (tracker?.isBeyond(end)) {
      this.#options.log.warn('topic starts anew: it was deleted and made again', { topic, partition, end })
      tracker = undefined
    }
    if (tracker === undefined) {
      tracker = new OffsetTracker()
      this.#trackers.set(partition, tracker)
    }
    return tracker
  }
}

/** Heartbeats while a batch waits for room: kafkajs sends none of its own then. */
class Pulse {
  readonly #options: HandOutOptions
  readonly #heartbeat: () => Promise<void>
  readonly #onLost: () => void
  #cancel: (() => void) | undefined
  /** Why the place in the group is lost. */
  lost: unknown

  constructor(options: HandOutOptions, heartbeat: () => Promise<void>, onLost: () => void) {
    this.#options = options
    this.#heartbeat = heartbeat
    this.#onLost = onLost
  }

  start(): void {
    this.#cancel ??= this.#options.clock.after(this.#options.heartbeatIntervalMs / 2, () => {
      this.#cancel = undefined
      this.start()
      this.#heartbeat().catch((error: unknown) => {
        this.lost = error
        this.#onLost()
      })
    })
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
