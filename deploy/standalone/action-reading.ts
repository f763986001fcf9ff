import { isFault } from '../../invoker/faults/fault.ts'
import type { ActionContext, ActionRequest } from './action-context.ts'
import { actionView } from './action-view.ts'
import { answer } from './answer.ts'
import { flag, queryOf } from './query.ts'
import { missing } from './rest-error.ts'

/** GET: the action, with its code unless `code=false` (protocol reference 8.4). */
export async function getAction(
  { catalog }: ActionContext,
  { request, response, target }: ActionRequest,
): Promise<void> {
  const wantsCode = flag(queryOf(request), 'code', true)
  const action = await catalog.find(target.id)
  if (action === undefined) throw missing()
  answer(response, actionView(action, wantsCode ? await catalog.code(action) : undefined))
}

/** DELETE: answers with the action that was; where its code is lost, with what refers to it, so that such an action can go too. */
export async function deleteAction({ catalog }: ActionContext, { response, target }: ActionRequest): Promise<void> {
  const action = await catalog.current(target.id)
  if (action === undefined) throw missing()
  const code = await catalog.code(action).catch((error: unknown) => {
    if (isFault(error, 'DOCUMENT_UNREADABLE')) return action.exec.code
    throw error
  })
  await catalog.remove(action)
  answer(response, actionView(action, code))
}
