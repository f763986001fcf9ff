import type { WhiskActivation } from '../../invoker/domain/activation.ts'
import { newActivationId } from '../../invoker/domain/ids.ts'

/** A successful record of `guest/hello`; members may be replaced. */
export function anActivation(changes: Partial<WhiskActivation> = {}): WhiskActivation {
  return {
    namespace: 'guest',
    name: 'hello',
    subject: 'guest',
    activationId: newActivationId(),
    start: 1_767_225_600_300,
    end: 1_767_225_600_352,
    duration: 50,
    response: { statusCode: 0, result: { greeting: 'hi' }, size: 17 },
    logs: ['2026-01-01T00:00:00.123456789Z stdout: hello'],
    version: '0.0.3',
    publish: false,
    annotations: [{ key: 'path', value: 'guest/hello' }],
    ...changes,
  }
}
