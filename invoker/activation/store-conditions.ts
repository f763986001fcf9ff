import type { ActivationMessage } from '../domain/activation-message.ts'
import { type StatusCode, status } from '../domain/response.ts'

/** Which results are stored (protocol reference 7.4). */
export type StoreLevel = 'STORE_ALWAYS' | 'STORE_FAILURES' | 'STORE_FAILURES_NOT_APPLICATION_ERRORS'

const isStored: Readonly<Record<StoreLevel, (code: StatusCode) => boolean>> = {
  STORE_ALWAYS: () => true,
  STORE_FAILURES: (code) => code !== status.success,
  STORE_FAILURES_NOT_APPLICATION_ERRORS: (code) => code === status.developerError || code === status.whiskError,
}

/** Whether a record is stored: the namespace allows it, and extra logging asks for it or the level for its kind of call does. */
export function mustStore(
  { user, transid, blocking }: ActivationMessage,
  code: StatusCode,
  levels: { readonly blocking: StoreLevel; readonly nonBlocking: StoreLevel },
): boolean {
  if (user.limits.storeActivations === false) return false
  return transid.extraLogging || isStored[blocking ? levels.blocking : levels.nonBlocking](code)
}
