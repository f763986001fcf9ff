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

/**
 * A launch for a container of so much memory: `{memoryMb/N}` in a word of its command becomes that part of it, at least 1. For
 * interpreters with a heap of their own, which cannot see the container's limit from inside.
 */
export function launchFor(launch: RuntimeLaunch, memoryMb: number): RuntimeLaunch {
  const part = (_: string, divisor: string): string => String(Math.max(1, Math.floor(memoryMb / Number(divisor))))
  return { ...launch, command: launch.command.map((word) => word.replaceAll(/\{memoryMb\/([1-9]\d*)\}/g, part)) }
}
