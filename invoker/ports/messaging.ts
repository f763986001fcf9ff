/** Topic to ensure: settings of protocol reference 1.2. An existing topic is never altered. */
export interface TopicSpec {
  readonly name: string
  readonly retentionMs: number
  readonly maxMessageBytes?: number
  readonly partitions?: number
}

/** One record. `offset` is a decimal string, as Kafka's are 64-bit. */
export interface Incoming {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly value: Buffer
}

/** What to consume, and how much of it at once. */
export interface SubscribeOptions {
  readonly topic: string
  readonly group: string
  /** At most this many messages are handed out and not yet done (maxPeek, 1.4). */
  readonly maxInFlight: number
  /** Where a group without offsets starts. */
  readonly from: 'earliest' | 'latest'
  /** Called after a commit: messages of this partition before `offset` will not come again. */
  readonly onCommitted?: (committed: { readonly partition: number; readonly offset: string }) => void
}

/**
 * Handles one message. The message's offset may be committed when the promise settles, and never before: a rejection is
 * logged and counts as done, so handlers reject only where nothing can be done.
 */
export type OnMessage = (message: Incoming) => Promise<void>

/** A running consumer. */
export interface Subscription {
  /** Hands out nothing more; resolves when every handed-out message is done and its offset is committed, or the signal aborts. */
  stop(signal: AbortSignal): Promise<void>
}

/**
 * Messages between controller and invoker. Contract (test/contract/messaging.contract.ts):
 * records of one topic arrive in order; a message is redelivered after a crash unless all up to it were done;
 * a handler that never ends holds back at most the commit, never the heartbeat; `send` resolves when the broker has it.
 */
export interface Messaging {
  /** Creates the topic unless it is there. Tries again while the broker is starting (1.2). */
  ensureTopic(topic: TopicSpec): Promise<void>
  /** Sends a compact JSON text: no key, no headers (1.7). Rejects with fault MESSAGE_TOO_LARGE beyond the limit, before sending. */
  send(topic: string, value: string): Promise<void>
  subscribe(options: SubscribeOptions, onMessage: OnMessage): Promise<Subscription>
  /**
   * From where to read what will be sent to partition 0 after this call; "0" where the topic is not there. Asks the broker
   * once a topic, then goes on from what this process sent itself: cheap enough for each activation, at most too low.
   */
  endOffset(topic: string): Promise<string>
  /** Records of partition 0 from `offset` to the end as of the call, in order. */
  readFrom(topic: string, offset: string): AsyncIterable<Incoming>
  stop(signal: AbortSignal): Promise<void>
}
