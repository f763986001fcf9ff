import type { ActivationMessage } from '../../invoker/domain/activation-message.ts'
import { newActivationId } from '../../invoker/domain/ids.ts'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { newTransactionId } from '../../invoker/domain/transid.ts'

/** A blocking activation of `guest/hello` by guest, with a fresh id. */
export function aMessage(changes: Partial<ActivationMessage> = {}): ActivationMessage {
  return {
    transid: newTransactionId('test-transaction', 1_767_225_600_000),
    action: { path: 'guest', name: 'hello', version: '0.0.1' },
    revision: '1-0',
    user: {
      subject: 'guest',
      namespace: { name: 'guest', uuid: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502' },
      authkey: { api_key: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:secret' },
      rights: ['READ', 'PUT', 'DELETE', 'ACTIVATE'],
      limits: {},
    },
    activationId: newActivationId(),
    rootControllerIndex: { asString: '0', instanceType: 'controller' },
    blocking: true,
    content: { name: 'Ada' },
    initArgs: [],
    lockedArgs: {},
    ...changes,
  }
}

/** The message as a controller would send it. */
export function onTheWire(message: ActivationMessage): string {
  const { transid, revision, content, ...rest } = message
  const wire: JsonObject = {
    ...(rest as unknown as JsonObject),
    transid: transid.wire,
    revision: revision ?? null,
    ...(content !== undefined && { content }),
  }
  return JSON.stringify(wire)
}
