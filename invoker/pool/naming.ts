import type { InvokerInstance } from '../domain/instance.ts'

/**
 * Names of containers, `wsk<uniqueName><id>_<counter>_<a>_<b>` (protocol reference 5.9). The counter starts at 1 and is shared
 * by all that one invoker makes.
 */
export class ContainerNames {
  readonly #prefix: string
  #counter = 0

  constructor(instance: Pick<InvokerInstance, 'instance' | 'uniqueName'>) {
    this.#prefix = `wsk${instance.uniqueName ?? ''}${instance.instance}`.replace(/[^\w.-]/g, '')
  }

  /** For a container made for an action. */
  forAction(namespace: string, action: string): string {
    return this.#next(namespace, action)
  }

  /** For a stem cell; it keeps the name when an action takes it. */
  forStem(kind: string): string {
    return this.#next('prewarm', kind)
  }

  #next(a: string, b: string): string {
    this.#counter += 1
    return `${this.#prefix}_${this.#counter}_${plain(a)}_${plain(b)}`
  }
}

function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9_]/g, '')
}

/** CPU shares of a container of `memoryMb` where containers may have `userMemoryMb` in all (5.9). */
export function cpuShares(memoryMb: number, userMemoryMb: number): number {
  const fit = Math.max(1, Math.floor(userMemoryMb / memoryMb))
  return Math.max(2, Math.floor(1024 / fit))
}
