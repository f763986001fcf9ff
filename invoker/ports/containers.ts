import type { Readable } from 'node:stream'
import type { Restored } from '../domain/dependency-image.ts'

/** Where a container's runtime answers: our own runtimes on a Unix socket, foreign images on TCP 8080. */
export type Endpoint = { readonly socketPath: string } | { readonly host: string; readonly port: number }

/** One line that a container wrote, without its newline. `time` is ms since the epoch. Lines are cut at 16 KiB, as docker does; each piece is a line. */
export interface LogLine {
  readonly time: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

/** What a container is made for. A container serves one invocation namespace and one action in its life, or waits as a stem cell. */
export interface ContainerSpec {
  /** Unique name, `wsk<uniqueName><id>_<counter>_…` (protocol reference 5.9). */
  readonly name: string
  readonly kind: string
  /** Image of a blackbox action; absent for kinds that the runtimes manifest names. */
  readonly image?: string
  readonly memoryMb: number
  /** CPU shares relative to other containers (5.9). */
  readonly cpuShares: number
  /** Environment of the runtime process, `__OW_API_HOST` included. Never a secret of the invoker. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * One isolated place where a runtime runs. Calls are made one after the other, except `destroy`, which may come at any time.
 * Contract: test/contract/containers.contract.ts.
 */
export interface Container {
  readonly id: string
  readonly spec: ContainerSpec
  readonly endpoint: Endpoint
  /** Reader of what the container prints, from the start of its life. */
  readonly logs: ContainerLogs
  /** Resolves once when the runtime's process has ended or the container is gone, with a sentence that says how. */
  readonly exited: Promise<string>
  /** How it came by its dependency image; absent where its runtime was started afresh. */
  readonly restored?: Restored
  /** Freezes every process of the container. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Gives it other limits, for the action that takes a stem cell of another size. @throws Error when the kernel refuses. */
  resize?(size: { readonly memoryMb: number; readonly cpuShares: number }): void
  /** Whether the kernel killed a process of it for memory. */
  wasOutOfMemory(): Promise<boolean>
  /** Ends every process and removes everything that was made for it. Never rejects; later calls give the same promise. */
  destroy(): Promise<void>
}

/**
 * What a container printed. Bounded: beyond its buffer the oldest lines of an activation stay and later ones are counted; then
 * a take ends with `limit`.
 */
export interface ContainerLogs {
  /**
   * Takes the lines since the last take, up to and without the sentinel line of each stream (6.6). One take at a time.
   * A line that would go over `limitBytes` is not given, nor is any after it.
   */
  take(options: LogTake): Promise<TakenLogs>
  /**
   * Drops what is left of activations that are over; called when none runs. An action that prints the sentinel itself leaves
   * more than was taken, which is not the next one's.
   */
  dropRest(): void
}

/**
 * How a take ended. `sentinels`: both streams came to theirs, nothing is missing. `limit`: more was printed than allowed.
 * `idle`: nothing came for `idleMs`, or `timeoutMs` are over, or sentinels were not awaited. `closed`: a stream was closed
 * before its sentinel and the other has nothing to come.
 */
export interface TakenLogs {
  readonly lines: readonly LogLine[]
  readonly end: 'sentinels' | 'limit' | 'idle' | 'closed'
}

/** Starts to read the two pipes of a container, for as long as they are open. */
export type OpenLogs = (pipes: { readonly stdout: Readable; readonly stderr: Readable }) => ContainerLogs

/** How to take logs. */
export interface LogTake {
  /** Whether to wait for sentinels; false takes what is there. */
  readonly awaitSentinels: boolean
  /** Counted as docker's JSON lines would be (6.6, step 4). */
  readonly limitBytes: number
  /** How long to wait for the next byte. */
  readonly idleMs: number
  /** How long to wait in all. */
  readonly timeoutMs: number
}

/**
 * Makes containers. `create` resolves when the runtime is about to answer (its socket is bound: a request waits, never fails),
 * and faults CONTAINER_CREATE (platform), IMAGE_MISSING or KIND_UNAVAILABLE (developer) with a text for the user.
 */
export interface ContainerFactory {
  readonly name: string
  create(spec: ContainerSpec, signal: AbortSignal): Promise<Container>
  /** Removes what a killed process of the same invoker left behind, and nothing else; gives how many containers. */
  removeLeftovers(): Promise<number>
  /** Destroys what is left and puts back what was changed on the host. */
  stop(signal: AbortSignal): Promise<void>
}
