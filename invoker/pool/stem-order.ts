/** A stem cell to make. */
export interface StemOrder {
  readonly kind: string
  /** Memory limit of its container. */
  readonly memoryMb: number
  /** What it holds of the pool's memory while it waits. */
  readonly heldMb: number
  /** Key of the image to restore; undefined: a fresh runtime. */
  readonly image?: string
  /** How long it lives; undefined: until it is taken or not wanted any more. */
  readonly ttlMs?: number
}

/** What became of an order. */
export type StemEnd =
  | { readonly kind: 'there' }
  /** It is not wanted any more. */
  | { readonly kind: 'removed' }
  | { readonly kind: 'failed'; readonly error: unknown }
