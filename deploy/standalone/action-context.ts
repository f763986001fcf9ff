import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ActionCatalog } from './action-catalog.ts'
import type { RestOptions } from './rest-options.ts'
import type { Throttle } from './throttle.ts'

/** What the routes of actions share. */
export interface ActionContext extends RestOptions {
  readonly catalog: ActionCatalog
  readonly throttle: Throttle
}

/** Where the path of an action leads: `id` is the document's. */
export interface ActionTarget {
  readonly namespace: string
  readonly name: string
  readonly id: string
}

/** One request on one action, by one who may. */
export interface ActionRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: ActionTarget
}
