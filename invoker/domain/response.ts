import type { Json } from './json.ts'

/** Status codes of an activation (protocol reference 6.4). */
export const status = { success: 0, applicationError: 1, developerError: 2, whiskError: 3 } as const
/** One of {@link status}. */
export type StatusCode = (typeof status)[keyof typeof status]

/** What an activation answered: the stored form. `size` counts UTF-16 units, or bytes where the body was truncated. */
export interface ActivationResponse {
  readonly statusCode: StatusCode
  readonly result?: Json
  readonly size?: number
}
