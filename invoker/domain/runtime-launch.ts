/** A directory of the host that a container sees read-only. */
export interface Bind {
  readonly source: string
  readonly target: string
}

/**
 * How to start the runtime of a kind. `command` uses the targets of `binds`; a factory without mounts puts their sources in
 * place of them. The listening socket is descriptor 3 of the process (runtimes/CONTRACT.md, clause 1).
 */
export interface RuntimeLaunch {
  readonly kind: string
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly binds: readonly Bind[]
}

/** Where every container sees the runtimes/ folder of this program. */
export const runtimesTarget = '/opt/warmwhisk/runtimes'
