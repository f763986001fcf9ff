import type { RuntimeConnection } from '../lib/runtime-connection.ts'

/** Containers of one action that wait for work; who finds none waits in line. */
export class IdleContainers {
  readonly #idle: RuntimeConnection[]
  readonly #waiting: ((container: RuntimeConnection) => void)[] = []

  constructor(containers: readonly RuntimeConnection[]) {
    this.#idle = [...containers]
  }

  /** Gives a container, at once where one is idle. The last one used is the first one given: its caches are warm. */
  take(): RuntimeConnection | Promise<RuntimeConnection> {
    return this.#idle.pop() ?? new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Takes a container back. */
  giveBack(container: RuntimeConnection): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#idle.push(container)
    else next(container)
  }
}
