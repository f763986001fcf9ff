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

/** DELETE: answers with the action that was. */
export async function deleteAction({ catalog }: ActionContext, { response, target }: ActionRequest): Promise<void> {
  const action = await catalog.current(target.id)
  if (action === undefined) throw missing()
  const code = await catalog.code(action)
  await catalog.remove(action)
  answer(response, actionView(action, code))
}
