import type { WhiskActivation } from '../../invoker/domain/activation.ts'
import { isJsonObject, type Json } from '../../invoker/domain/json.ts'

/** What an ack tells (protocol reference 2.6). */
export interface Ack {
  readonly activationId: string
  /** The activation, or `shrunk` where it has to be read from the store; undefined in a mere completion. */
  readonly result: WhiskActivation | 'shrunk' | undefined
  /** Whether the slot is free. */
  readonly isCompletion: boolean
}

/** Reads an ack by its members: there is no type. @throws SyntaxError when it is none. */
export function readAck(text: string): Ack {
  const json = JSON.parse(text) as Json
  if (!isJsonObject(json)) throw new SyntaxError('Cannot read the ack: expected an object')
  const { response, instance, activationId } = json
  const isCompletion = instance !== undefined
  if (response === undefined || response === null)
    return { activationId: idOf(activationId), result: undefined, isCompletion }
  if (typeof response === 'string') return { activationId: idOf(response), result: 'shrunk', isCompletion }
  if (!isJsonObject(response)) throw new SyntaxError('Cannot read the ack: its response is neither an id nor an object')
  return {
    activationId: idOf(response.activationId),
    // Written by our own invoker in this process: its shape is the type's.
    result: response as unknown as WhiskActivation,
    isCompletion,
  }
}

function idOf(value: Json | undefined): string {
  if (typeof value === 'string') return value
  throw new SyntaxError('Cannot read the ack: it has no activation id')
}
