import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Kafka } from 'kafkajs'
import type { Log } from '../../ports/log.ts'
import { withCluster } from './hidden-cluster.ts'

/**
 * Remembers in a file who we are in a group, so that the next process can leave in the name of one that was killed. Without this, the broker
 * gives nothing to anybody until the session of the dead one is over (30 s). The directory is this invoker's alone (journal.lock), so that
 * who is remembered is dead.
 */
export class Membership {
  readonly #file: string
  readonly #topic: string
  readonly #group: string
  readonly #log: Log

  constructor({ directory, topic, group, log }: { directory: string; topic: string; group: string; log: Log }) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    this.#file = path.join(directory, `${encodeURIComponent(topic)} ${encodeURIComponent(group)}.member`)
    this.#topic = topic
    this.#group = group
    this.#log = log
  }

  /** We have joined under this id. */
  remember(memberId: string): void {
    try {
      writeFileSync(this.#file, memberId, { mode: 0o600 })
    } catch (error) {
      this.#log.warn('membership cannot be remembered: a start after a kill may wait', { group: this.#group, error })
    }
  }

  /** Leaves for the process before us, if it could not. */
  async leaveForTheDead(kafka: Kafka): Promise<void> {
    const memberId = this.#remembered()
    if (memberId === '') return
    const groupId = this.#group
    await withCluster(kafka, async (cluster) => {
      await cluster.addTargetTopic(this.#topic)
      const coordinator = await cluster.findGroupCoordinator({ groupId })
      await coordinator.leaveGroup({ groupId, memberId })
    }).then(
      () => this.#log.info('left the group for a process that was killed', { group: groupId }),
      // It left in order, or its session is over; or the broker is away, and joining will tell.
      (error: unknown) => this.#log.debug('nobody to leave the group for', { group: groupId, error }),
    )
  }

  #remembered(): string {
    try {
      return readFileSync(this.#file, 'utf8')
    } catch {
      // The first process of this invoker.
      return ''
    }
  }
}
