import type { ActionDocument, Attached } from '../../invoker/domain/action.ts'

/** An action as the API shows it (protocol reference 8.4). `code` is text, base64 when binary, a reference where it is lost, or left out. */
export function actionView(action: ActionDocument, code: string | Attached | undefined): object {
  const { namespace, name, exec, parameters, limits, version, publish, annotations, updated } = action
  const { code: _reference, ...how } = exec
  return {
    namespace,
    name,
    exec: code === undefined ? how : { ...how, code },
    parameters,
    limits,
    version,
    publish,
    annotations,
    updated,
  }
}
