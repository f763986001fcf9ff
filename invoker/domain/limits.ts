/** Limits of an action (protocol reference 3.3). `timeout` in ms, `memory` and `logs` in MB. */
export interface ActionLimits {
  readonly timeout: number
  readonly memory: number
  readonly logs: number
  readonly concurrency: number
  readonly instances?: number
}

/** One bounded limit of the system. */
export interface Range {
  readonly min: number
  readonly max: number
  readonly std: number
}

/** What the platform allows (4.3, 8.15); units as in {@link ActionLimits}, sizes ending in `Bytes`. */
export interface SystemLimits {
  readonly timeout: Range
  readonly memory: Range
  readonly logs: Range
  readonly concurrency: Range
  readonly payloadBytes: number
  readonly truncationBytes: number
  readonly parameterBytes: number
  readonly codeBytes: number
}

/** Limits of a subject's namespace (2.4); all optional, absent means the system's. */
export interface UserLimits {
  readonly invocationsPerMinute?: number
  readonly concurrentInvocations?: number
  readonly firesPerMinute?: number
  readonly allowedKinds?: readonly string[]
  readonly storeActivations?: boolean
  readonly minActionMemory?: number
  readonly maxActionMemory?: number
  readonly minActionLogs?: number
  readonly maxActionLogs?: number
  readonly minActionTimeout?: number
  readonly maxActionTimeout?: number
  readonly minActionConcurrency?: number
  readonly maxActionConcurrency?: number
  readonly maxParameterSize?: string
  readonly maxPayloadSize?: string
  readonly truncationSize?: string
  readonly warmedContainerKeepingCount?: number
  readonly warmedContainerKeepingTimeout?: string
  readonly maxActionInstances?: number
}
