import type { JsonObject } from '../../invoker/domain/json.ts'
import { aMessage } from './a-message.ts'
import { settled } from './a-pool.ts'
import { anAction } from './an-action.ts'
import { anInvoker, type InvokerParts } from './an-invoker.ts'
import type { Behaviour } from './fake-containers.ts'

/** An action whose logs are not collected. */
export const noLogs = anAction({ limits: { logs: 0 } })

/** What an ack is, in a word. */
export function kindOf(ack: JsonObject): string {
  if (ack.response === undefined) return 'completion'
  const shrunk = typeof ack.response === 'string' ? ' shrunk' : ''
  return `${ack.instance === undefined ? 'result' : 'combined'}${shrunk}`
}

/** Runs messages through an invoker and tells what came of them. */
export async function ran(
  options: {
    readonly actions?: Parameters<typeof anInvoker>[0]
    readonly messages?: readonly ReturnType<typeof aMessage>[]
    readonly behaviour?: Partial<Behaviour>
    readonly parts?: InvokerParts
  } = {},
) {
  const { actions = [noLogs], messages = [aMessage()], behaviour = {}, parts } = options
  const invoker = anInvoker(actions, parts)
  Object.assign(invoker.containers.behaviour, behaviour)
  await invoker.core.start()
  for (const message of messages) await invoker.send(message)
  await settled()
  const alive = invoker.containers.alive.length
  await invoker.core.stop(AbortSignal.timeout(1_000))
  const responses = invoker.records.map(({ response }) => response)
  return { ...invoker, kinds: invoker.acks().map(kindOf), alive, responses }
}
