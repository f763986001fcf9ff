import type { ActionDocument } from '../../invoker/domain/action.ts'
import type { StoredAction } from '../../invoker/store/action-document.ts'
import type { ActionContext, ActionRequest, ActionTarget } from './action-context.ts'
import { newAction, updatedAction } from './action-document.ts'
import type { ActionPut } from './action-put.ts'
import { readActionPut } from './action-put.ts'
import { actionView } from './action-view.ts'
import { answer } from './answer.ts'
import { readJson } from './body.ts'
import { callerOf } from './call.ts'
import { checkNotDeprecated } from './deprecation.ts'
import { kindAllowed } from './entitlement.ts'
import { messages, notOffered } from './messages.ts'
import { checkLimits, standardLimits, userBytes } from './namespace-limits.ts'
import { flag, queryOf } from './query.ts'
import { RestError } from './rest-error.ts'

/** What a body may have around the code: JSON escapes, parameters, annotations. */
const roomAroundCodeBytes = 4 * 1024 * 1024

/** PUT: makes an action, or with `overwrite=true` changes one, and answers with it (protocol reference 8.4). */
export async function putAction(context: ActionContext, { request, response, target }: ActionRequest): Promise<void> {
  const { limits: system, throttles, catalog, manifest } = context
  const user = callerOf(response)
  const body = await readJson(request, { maxBytes: system.codeBytes + roomAroundCodeBytes })
  const parameterBytes = userBytes(user.limits.maxParameterSize, system.parameterBytes)
  let overwrite = false
  const put = readActionPut(body, {
    manifest,
    sizes: { codeBytes: system.codeBytes, parameterBytes },
    beforeRest: () => {
      overwrite = flag(queryOf(request), 'overwrite', false)
    },
  })
  checkLimits(put.limits ?? {}, { user: user.limits, system, throttles })
  if (put.exec !== undefined) kindAllowed(user, put.exec.exec.kind)
  if (put.exec?.exec.kind === 'sequence') throw new RestError(501, notOffered('sequences'))

  const stored = await catalog.current(target.id)
  if (stored !== undefined && !overwrite) throw new RestError(409, messages.exists)
  const action = stored === undefined ? made(put, { context, target }) : updatedAction(put, stored, context.clock.now())
  checkNotDeprecated(action.exec.kind, manifest)
  const code = await save(context, { put, action, stored })
  answer(response, actionView(action, code))
}

function made(
  put: ActionPut,
  { context, target }: { readonly context: ActionContext; readonly target: ActionTarget },
): ActionDocument {
  const { clock, limits, requireApiKeyAnnotation } = context
  return newAction(put, {
    ...target,
    nowMs: clock.now(),
    standardLimits: standardLimits(limits),
    requireApiKeyAnnotation,
  })
}

/** Writes the action with its parameters locked, and gives its code for the answer. */
async function save(
  { catalog, parameters }: ActionContext,
  {
    put,
    action,
    stored,
  }: { readonly put: ActionPut; readonly action: ActionDocument; readonly stored: StoredAction | undefined },
): Promise<string | undefined> {
  const locked = { ...action, parameters: parameters.lock(action.parameters) }
  if (put.exec === undefined) {
    await catalog.save(locked)
    return stored === undefined ? undefined : catalog.code(stored)
  }
  await catalog.save(locked, put.exec.code)
  return put.exec.code
}
