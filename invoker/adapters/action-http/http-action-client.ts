import type { ActionClient, ActionConnection } from '../../ports/action-client.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Endpoint } from '../../ports/containers.ts'
import { HttpActionConnection } from './http-action-connection.ts'

/** Speaks the action protocol by HTTP/1.1 (protocol reference 6), over a Unix socket or TCP. */
export class HttpActionClient implements ActionClient {
  readonly #clock: Clock

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock
  }

  connect(endpoint: Endpoint): ActionConnection {
    return new HttpActionConnection(endpoint, this.#clock)
  }
}
