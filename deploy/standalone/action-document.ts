import type { ActionDocument, KeyValue } from '../../invoker/domain/action.ts'
import type { ActionLimits } from '../../invoker/domain/limits.ts'
import type { StoredAction } from '../../invoker/store/action-document.ts'
import type { ActionPut } from './action-put.ts'
import { mergeKeyValues } from './key-values.ts'
import { messages } from './messages.ts'
import { RestError } from './rest-error.ts'
import { nextVersion } from './version.ts'

/** What a new document is made with. */
export interface Making {
  readonly namespace: string
  readonly name: string
  readonly nowMs: number
  readonly standardLimits: ActionLimits
  /** Whether a new action gets `provide-api-key: false` unless it says otherwise. */
  readonly requireApiKeyAnnotation: boolean
}

/** The document of a new action (protocol reference 8.4). @throws RestError 400 without exec. */
export function newAction(put: ActionPut, making: Making): ActionDocument {
  if (put.exec === undefined) throw new RestError(400, messages.execUndefined)
  const { exec } = put.exec
  const apiKey: readonly KeyValue[] = making.requireApiKeyAnnotation ? [{ key: 'provide-api-key', value: false }] : []
  return {
    namespace: making.namespace,
    name: making.name,
    exec,
    parameters: put.parameters ?? [],
    limits: { ...making.standardLimits, ...put.limits },
    version: put.version ?? '0.0.1',
    publish: put.publish ?? false,
    annotations: mergeKeyValues(apiKey, put.annotations ?? [], execAnnotation(exec.kind)),
    updated: making.nowMs,
  }
}

/**
 * The document of an overwritten action (8.4): annotations and limits are merged, parameters are replaced, the version goes up.
 */
export function updatedAction(put: ActionPut, stored: StoredAction, nowMs: number): StoredAction {
  const exec = put.exec?.exec ?? stored.exec
  const kept = stored.annotations.filter(({ key }) => !put.delAnnotations.includes(key))
  return {
    ...stored,
    exec,
    parameters: put.parameters ?? stored.parameters,
    limits: { ...stored.limits, ...put.limits },
    version: put.version ?? nextVersion(stored.version),
    publish: put.publish ?? stored.publish,
    annotations: mergeKeyValues(kept, put.annotations ?? [], execAnnotation(exec.kind)),
    updated: nowMs,
  }
}

function execAnnotation(kind: string): readonly KeyValue[] {
  return [{ key: 'exec', value: kind }]
}
