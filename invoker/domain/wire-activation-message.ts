import type { ActionName, ActivationMessage } from './activation-message.ts'
import { type ActivationId, activationId } from './ids.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { isTooDeep, maxDepth } from './json-depth.ts'
import { readTransactionId, type TransactionId } from './transid.ts'
import { WireError, WireFields } from './wire-fields.ts'
import { readIdentity } from './wire-identity.ts'

/** What can still be answered of a message that breaks a rule elsewhere. */
export interface Answerable {
  readonly transid: TransactionId
  readonly activationId: ActivationId
  readonly controller: string
}

/** A message, or why it is none and, where its id and controller can be read, what to ack. */
export type ReadMessage =
  | { readonly ok: true; readonly message: ActivationMessage }
  | { readonly ok: false; readonly error: SyntaxError; readonly answerable?: Answerable }

const controllerPattern = /^[a-zA-Z0-9._-]{1,128}$/

/** Reads an activation message (protocol reference 2.1–2.4). `nowMs` is the start of a transaction id that cannot be read. Never throws. */
export function readActivationMessage(value: Buffer, nowMs: number): ReadMessage {
  let json: Json | undefined
  try {
    const text = value.toString('utf8')
    json = JSON.parse(text) as Json
    if (isTooDeep(text)) throw new SyntaxError(`Cannot read the message: it nests deeper than ${maxDepth} levels`)
    return { ok: true, message: readMessage(new WireFields(json, ''), nowMs) }
  } catch (error) {
    const reason = error instanceof SyntaxError ? error : new SyntaxError(String(error))
    const answerable = readAnswerable(json, nowMs)
    return { ok: false, error: reason, ...(answerable && { answerable }) }
  }
}

function readMessage(fields: WireFields, nowMs: number): ActivationMessage {
  const transid = fields.any('transid')
  if (!Array.isArray(transid)) fields.wrong('transid', 'a list')
  if (!fields.has('revision')) fields.wrong('revision', 'a revision or null')
  const controller = fields.object('rootControllerIndex')
  const instanceType = controller.maybeString('instanceType')
  const cause = fields.maybeString('cause')
  const traceContext = fields.any('traceContext') ?? undefined
  return {
    transid: readTransactionId(transid, nowMs),
    action: readActionName(fields),
    revision: fields.maybeString('revision') || undefined,
    user: readIdentity(fields.object('user')),
    activationId: readId(fields, 'activationId'),
    rootControllerIndex: { asString: readController(controller), ...(instanceType !== undefined && { instanceType }) },
    blocking: fields.boolean('blocking'),
    content: readContent(fields),
    initArgs: fields.strings('initArgs'),
    lockedArgs: fields.stringMap('lockedArgs'),
    ...(cause !== undefined && { cause: readId(fields, 'cause') }),
    ...(traceContext !== undefined && { traceContext: fields.stringMap('traceContext') }),
  }
}

function readId(fields: WireFields, key: string): ActivationId {
  try {
    return activationId(fields.string(key))
  } catch (error) {
    if (error instanceof WireError) throw error
    // The cause names the value but not the field.
    return fields.wrong(key, '32 lower-case hex digits')
  }
}

function readController(controller: WireFields): string {
  const id = controller.string('asString')
  return controllerPattern.test(id) ? id : controller.wrong('asString', '1 to 128 letters, digits, ".", "_" or "-"')
}

/** A name is an object or, in the short form, `ns[/package]/name`. */
function readActionName(fields: WireFields): ActionName {
  const short = fields.any('action')
  if (typeof short === 'string') {
    const parts = short.replace(/^\//, '').split('/')
    const name = parts.pop()
    if (!name || parts.length === 0 || parts.length > 2 || parts.includes(''))
      fields.wrong('action', '"namespace/name"')
    return { path: parts.join('/'), name }
  }
  const action = fields.object('action')
  const version = action.maybeString('version')
  const binding = action.maybeString('binding')
  return {
    path: action.string('path'),
    name: action.string('name'),
    ...(version !== undefined && { version }),
    ...(binding !== undefined && { binding }),
  }
}

function readContent(fields: WireFields): JsonObject | readonly Json[] | undefined {
  const content = fields.any('content') ?? undefined
  if (content === undefined || Array.isArray(content) || isJsonObject(content)) return content as JsonObject | undefined
  return fields.wrong('content', 'an object or a list')
}

/** Reads no more than an ack needs. */
function readAnswerable(json: Json | undefined, nowMs: number): Answerable | undefined {
  try {
    const fields = new WireFields(json, '')
    return {
      transid: readTransactionId(fields.any('transid'), nowMs),
      activationId: readId(fields, 'activationId'),
      controller: readController(fields.object('rootControllerIndex')),
    }
  } catch {
    // No id or no controller: there is nobody to answer.
    return undefined
  }
}
