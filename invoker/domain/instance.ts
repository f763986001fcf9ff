/** An invoker as it names itself in pings and acks (protocol reference 2.5). All but the names are required by the reader. */
export interface InvokerInstance {
  readonly instance: number
  /** A size string such as `"1073741824 B"`: the controller refuses a number. */
  readonly userMemory: string
  readonly instanceType: 'invoker'
  readonly tags: readonly string[]
  readonly dedicatedNamespaces: readonly string[]
  readonly uniqueName?: string
  readonly displayedName?: string
}
