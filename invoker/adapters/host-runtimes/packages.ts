import type { Distribution } from '../../domain/dependency-image.ts'
import type { Fingerprint } from './watch.ts'

/** One installed package. */
export interface Package extends Distribution {
  /** Files of which at least one changes when it is installed anew. */
  readonly watch: readonly Fingerprint[]
  /** Installed packages that it requires. */
  readonly requires: readonly string[]
}

/** The packages of a runtime build. */
export interface Packages {
  readonly packages: readonly Package[]
  /** Which package a top-level module belongs to. */
  readonly modules: ReadonlyMap<string, string>
  /** Where packages lie: these directories change when one comes. */
  readonly folders: readonly string[]
}
