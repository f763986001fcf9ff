import type { KeyValue } from '../../invoker/domain/action.ts'
import { isJsonObject, type Json } from '../../invoker/domain/json.ts'
import type { ActionLimits } from '../../invoker/domain/limits.ts'
import type { Manifest } from '../../invoker/domain/manifest.ts'
import { type ExecPut, readExec } from './exec-put.ts'
import { readKeyValues, sizeOf } from './key-values.ts'
import { readLimits } from './limits-put.ts'
import { largerThanAllowed } from './messages.ts'
import { malformed, RestError } from './rest-error.ts'
import { readVersion } from './version.ts'

/** The body of a PUT on an action; members that the client left out are undefined (protocol reference 8.4). */
export interface ActionPut {
  readonly exec: ExecPut | undefined
  readonly parameters: readonly KeyValue[] | undefined
  readonly limits: Partial<ActionLimits> | undefined
  readonly version: string | undefined
  readonly publish: boolean | undefined
  readonly annotations: readonly KeyValue[] | undefined
  readonly delAnnotations: readonly string[]
}

/** How large the parts may be, in bytes. */
export interface SizeLimits {
  readonly codeBytes: number
  readonly parameterBytes: number
}

/**
 * Reads the body of a PUT in OpenWhisk's order, which decides what is told of several errors: first what has a size, then the
 * sizes, then the rest. `beforeRest` runs between, for the query. @throws RestError 400, 413.
 */
export function readActionPut(
  body: Json,
  {
    manifest,
    sizes,
    beforeRest,
  }: { readonly manifest: Manifest; readonly sizes: SizeLimits; readonly beforeRest: () => void },
): ActionPut {
  if (!isJsonObject(body)) throw malformed("Object expected in field 'exec'")
  const exec = readExec(body.exec, manifest)
  const parameters = readKeyValues(body.parameters)
  const annotations = readKeyValues(body.annotations)
  checkSizes({ exec, parameters, annotations }, sizes)
  beforeRest()
  return {
    exec,
    parameters,
    annotations,
    limits: readLimits(body.limits),
    version: readVersion(body.version),
    publish: readFlag(body.publish),
    delAnnotations: readTexts(body.delAnnotations),
  }
}

function checkSizes(
  { exec, parameters, annotations }: Pick<ActionPut, 'exec' | 'parameters' | 'annotations'>,
  { codeBytes, parameterBytes }: SizeLimits,
): void {
  const sizes = [
    { what: 'exec', is: exec === undefined ? 0 : execSize(exec), allowed: codeBytes },
    { what: 'parameters', is: sizeOf(parameters ?? []), allowed: parameterBytes },
    { what: 'annotations', is: sizeOf(annotations ?? []), allowed: parameterBytes },
  ]
  const over = sizes.find(({ is, allowed }) => is > allowed)
  if (over !== undefined) throw new RestError(413, largerThanAllowed(over.what, over))
}

function execSize({ code, exec }: ExecPut): number {
  return [code, exec.main, exec.image].reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0)
}

function readFlag(value: Json | undefined): boolean | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return value
  throw malformed(`Expected JsBoolean, but got ${JSON.stringify(value)}`)
}

function readTexts(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw malformed(`Expected Array as JsArray, but got ${JSON.stringify(value)}`)
  return value.map((entry) => {
    if (typeof entry === 'string') return entry
    throw malformed(`Expected String as JsString, but got ${JSON.stringify(entry)}`)
  })
}
