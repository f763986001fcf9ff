import type { Exec } from '../../invoker/domain/action.ts'
import { isJsonObject, type Json, type JsonObject } from '../../invoker/domain/json.ts'
import { type Manifest, type RuntimeKind, resolveKind } from '../../invoker/domain/manifest.ts'
import { isBinaryCode } from '../../invoker/store/code.ts'
import { imageName } from './image-name.ts'
import { unknownRuntime } from './messages.ts'
import { malformed } from './rest-error.ts'

/** What an action of a request runs: `exec` without the code, which is text, or base64 when `exec.binary`. */
export interface ExecPut {
  readonly exec: Exec & { readonly binary: boolean }
  readonly code?: string
}

/**
 * Reads `exec` of a request (protocol reference 3.3, 8.4): the kind becomes concrete, `binary` is found from the code whatever
 * the client says. Undefined where it is absent or null. @throws RestError 400 with OpenWhisk's texts.
 */
export function readExec(value: Json | undefined, manifest: Manifest): ExecPut | undefined {
  if (value === undefined || value === null) return undefined
  if (!isJsonObject(value)) throw malformed('JSON object expected')
  if (typeof value.kind !== 'string') throw malformed("'kind' must be a string defined in 'exec'")
  const kind = value.kind.trim().toLowerCase()
  if (kind === 'sequence') return { exec: { kind, binary: false } }
  if (kind === 'blackbox') return readBlackbox(value)
  const runtime = resolveKind(manifest, kind)
  if (runtime === undefined) {
    throw malformed(unknownRuntime(kind, [...manifest.kinds.keys(), 'blackbox', 'sequence']))
  }
  return readManaged(value, { kind, runtime })
}

function readBlackbox(exec: JsonObject): ExecPut {
  if (typeof exec.image !== 'string') {
    throw malformed("'image' must be a string defined in 'exec' for 'blackbox' actions")
  }
  const image = imageName(exec.image)
  const code = exec.code === undefined ? undefined : textOf(exec.code)
  const main = readMain(exec, 'blackbox')
  const isBlank = code === undefined || code.trim() === ''
  return {
    exec: { kind: 'blackbox', image, binary: !isBlank && isBinaryCode(code), ...main },
    ...(isBlank ? {} : { code }),
  }
}

function readManaged(
  exec: JsonObject,
  { kind, runtime }: { readonly kind: string; readonly runtime: RuntimeKind },
): ExecPut {
  const main = readMain(exec, kind)
  if (runtime.requireMain && main.main === undefined) {
    throw malformed(`'main' must be a string defined in 'exec' for '${kind}' actions`)
  }
  // Jars once stood under their own name.
  const given = exec.code ?? exec.jar
  if (exec.code === undefined && given === undefined) {
    const expected = runtime.attached ? 'a string or attachment object' : 'a string'
    throw malformed(`'code' must be ${expected} defined in 'exec' for '${kind}' actions`)
  }
  const code = textOf(given ?? null)
  return {
    exec: { kind: runtime.kind, binary: isBinaryCode(code), ...main },
    code,
  }
}

function readMain(exec: JsonObject, kind: string): { readonly main?: string } {
  if (exec.main === undefined) return {}
  if (typeof exec.main === 'string') return { main: exec.main }
  throw malformed(`if defined, 'main' be a string in 'exec' for '${kind}' actions`)
}

function textOf(code: Json): string {
  if (typeof code === 'string') return code
  throw malformed(`Could not deserialize as attachment record: ${JSON.stringify(code)}`)
}
