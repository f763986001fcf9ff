import { newActivationId } from '../../../invoker/domain/ids.ts'
import { newTransactionId } from '../../../invoker/domain/transid.ts'
import { benchNamespace } from './actions.ts'

/** An action as messages name it. */
export interface Invokable {
  readonly name: string
  readonly revision: string
}

/** An activation message for an action, as a controller writes it (protocol reference 2.3), and its id. */
export function activationMessage(action: Invokable): { readonly id: string; readonly text: string } {
  const id = newActivationId()
  const text = JSON.stringify({
    transid: newTransactionId().wire,
    action: { path: benchNamespace, name: action.name, version: '0.0.1' },
    revision: action.revision,
    user: {
      subject: benchNamespace,
      namespace: { name: benchNamespace, uuid: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502' },
      authkey: { api_key: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:bench' },
      rights: ['READ', 'PUT', 'DELETE', 'ACTIVATE'],
      limits: {},
    },
    activationId: id,
    rootControllerIndex: { asString: '0', instanceType: 'controller' },
    blocking: true,
    content: { name: 'Ada' },
    initArgs: [],
    lockedArgs: {},
  })
  return { id, text }
}
