interface Kept {
  readonly function: number
  readonly mb: number
  /** Idle from then on. */
  freeMs: number
}

/** Containers of a simulation: busy, then kept idle until the keep-alive time is over or their memory is needed. Times must not go back. */
export class Containers {
  readonly #memoryMb: number
  readonly #keepAliveMs: number
  /** The longest unused first: whoever is used goes to the end. */
  readonly #kept = new Set<Kept>()
  #usedMb = 0

  constructor(memoryMb: number, keepAliveMs: number) {
    this.#memoryMb = memoryMb
    this.#keepAliveMs = keepAliveMs
  }

  /** Memory of all that are kept. */
  get usedMb(): number {
    return this.#usedMb
  }

  /** Uses an idle container of the function, if there is one: the last used. */
  reuse(of: number, { atMs, busyMs }: { readonly atMs: number; readonly busyMs: number }): boolean {
    this.#expire(atMs)
    let idle: Kept | undefined
    for (const one of this.#kept) if (one.function === of && one.freeMs <= atMs) idle = one
    if (idle === undefined) return false
    this.#kept.delete(idle)
    idle.freeMs = atMs + busyMs
    this.#kept.add(idle)
    return true
  }

  /** Starts a container; idle ones, the longest unused first, go as far as its memory needs it. */
  start(
    of: number,
    { atMs, busyMs, mb }: { readonly atMs: number; readonly busyMs: number; readonly mb: number },
  ): void {
    this.#expire(atMs)
    for (const one of this.#kept) {
      if (this.#usedMb + mb <= this.#memoryMb) break
      if (one.freeMs <= atMs) this.#drop(one)
    }
    this.#kept.add({ function: of, mb, freeMs: atMs + busyMs })
    this.#usedMb += mb
  }

  #expire(atMs: number): void {
    for (const one of this.#kept) if (one.freeMs + this.#keepAliveMs < atMs) this.#drop(one)
  }

  #drop(one: Kept): void {
    this.#kept.delete(one)
    this.#usedMb -= one.mb
  }
}
