import type { BenchAction } from './actions.ts'

/** What the containers program is told. */
export interface ContainersSettings {
  readonly actions: readonly BenchAction[]
  /** Containers of each action. */
  readonly count: number
}

/** Unix sockets of initialised containers, by the name of their action. */
export type Sockets = Readonly<Record<string, readonly string[]>>
