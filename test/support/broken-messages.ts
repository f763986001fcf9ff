import type { ActivationMessage } from '../../invoker/domain/activation-message.ts'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { onTheWire } from './a-message.ts'

/** Texts from which nobody could tell whom to answer, by what they are. */
export const unanswerable: Readonly<Record<string, string>> = {
  nothing: '',
  'no JSON': 'activate guest/hello, please',
  'half a message': '{"transid":["a",1],"activationId":"0f6b3d2c9a8e4f71b5d0c2e8a7f61234","rootCont',
  'a list': '[1,2,3]',
  'a text': '"hello"',
  null: 'null',
  'no UTF-8': Buffer.from([0xff, 0xfe, 0x00, 0x7b]).toString('latin1'),
  'too deep': `{"content":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  'a message of the scheduler': JSON.stringify({
    transid: ['sid_testing', 1],
    invocationNamespace: 'guest',
    action: { path: 'guest', name: 'hello' },
    revision: '1-0',
    whiskActionMetaData: {},
    rootSchedulerIndex: { asString: '0' },
    ...{ schedulerHost: 'scheduler0', rpcPort: 13001, retryCount: 0, creationId: 'c0ffee' },
  }),
  'an id that is none': JSON.stringify({ activationId: '../../etc/passwd', rootControllerIndex: { asString: '0' } }),
}

/** Messages that break a rule and still tell whom to answer, by the rule. */
export function answerable(message: ActivationMessage): Readonly<Record<string, string>> {
  const change = (changes: JsonObject) =>
    JSON.stringify({ ...(JSON.parse(onTheWire(message)) as JsonObject), ...changes })
  return {
    'blocking is a text': change({ blocking: 'yes' }),
    'content is a number': change({ content: 5 }),
    'initArgs is null': change({ initArgs: null }),
    'the user is missing': change({ user: null }),
    'the action is a list': change({ action: ['guest', 'hello'] }),
    'the rights are a text': change({ user: { subject: 'guest', rights: 'ALL' } }),
  }
}
