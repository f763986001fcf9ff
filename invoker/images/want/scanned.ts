import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { ExecutableAction } from '../../domain/action.ts'
import { scanImports } from './scan.ts'
import type { Provides } from './want.ts'

/** Code whose imports are remembered. */
const most = 10_000

/** What is known of one action's code by its text. */
export interface Scanned {
  /** SHA-256 of the code as it is stored, in hexadecimal. */
  readonly codeDigest: string
  /** As {@link scanImports} gives them. */
  readonly modules: readonly string[]
  readonly provides: Provides
}

/** Scans each code once, as far as memory allows. An action that was read once is asked about without hashing its code again. */
export class ScannedCode {
  readonly #byExec = new WeakMap<object, Scanned>()
  readonly #byDigest = new LRUCache<string, Scanned>({ max: most })

  /** `family` is that of the kind, such as `python`. */
  of(action: ExecutableAction, family: string): Scanned {
    const known = this.#byExec.get(action.exec)
    if (known !== undefined) return known
    const codeDigest = createHash('sha256')
      .update(action.exec.code ?? '')
      .digest('hex')
    const key = `${family} ${codeDigest}`
    const scanned = this.#byDigest.get(key) ?? { codeDigest, ...scanImports(action.exec, family) }
    this.#byDigest.set(key, scanned)
    this.#byExec.set(action.exec, scanned)
    return scanned
  }
}
