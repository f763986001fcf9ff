import type { KeyValue } from '../domain/action.ts'
import type { Lease } from '../pool/lease.ts'

/**
 * Annotation `warmwhisk` of an activation that met /init: in which way its container was started and, where that was from an
 * image, from which one, by which engine, and how long restoring took.
 */
export function startAnnotation({ start, container: { restored } }: Pick<Lease, 'start' | 'container'>): KeyValue {
  return { key: 'warmwhisk', value: { start, ...restored } }
}
