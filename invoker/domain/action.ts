import type { Json } from './json.ts'
import type { ActionLimits } from './limits.ts'

/** A parameter or annotation as stored: an array of these, in no particular order (protocol reference 3.2, 3.4). */
export interface KeyValue {
  readonly key: string
  readonly value: Json
  /** The parameter becomes environment at /init. */
  readonly init?: boolean
  /** Name of the algorithm that locked the value. */
  readonly encryption?: string
}

/** Code by reference: in the name itself (`mem:`), or an attachment of the document (3.3). */
export interface Attached {
  readonly attachmentName: string
  readonly attachmentType: string
  readonly length?: number
  readonly digest?: string
}

/** What an action runs. */
export interface Exec {
  readonly kind: string
  readonly code?: string | Attached
  readonly binary?: boolean
  readonly main?: string
  readonly image?: string
  readonly components?: readonly Json[]
}

/** An action document without its `_` fields (3.3). */
export interface ActionDocument {
  readonly namespace: string
  readonly name: string
  readonly exec: Exec
  readonly parameters: readonly KeyValue[]
  readonly limits: ActionLimits
  readonly version: string
  readonly publish: boolean
  readonly annotations: readonly KeyValue[]
  readonly updated: number
  readonly entityType?: string
}

/** An action ready to run: its code is a string (base64 when binary), its kind concrete. */
export interface ExecutableAction extends Omit<ActionDocument, 'exec'> {
  readonly exec: Exec & { readonly code?: string; readonly binary: boolean }
  /** Revision of the document that this was read from. */
  readonly revision: string
}

/** The value of an annotation, or undefined. */
export function annotation(of: { readonly annotations: readonly KeyValue[] }, key: string): Json | undefined {
  return of.annotations.find((candidate) => candidate.key === key)?.value
}

/** What OpenWhisk takes for true in an annotation (6.1): not false, 0, "" or null. */
export function isTruthy(value: Json): boolean {
  return typeof value === 'object' && value !== null ? true : Boolean(value)
}

/** Document id of an entity: `namespace[/package]/name`. */
export function entityId(of: { readonly namespace: string; readonly name: string }): string {
  return `${of.namespace}/${of.name}`
}
