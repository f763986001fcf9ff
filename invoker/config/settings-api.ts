import { setting } from './setting.ts'
import { durationMs, flag, text, whole } from './types.ts'

/** The REST API of standalone (protocol reference 8). */
export const api = {
  host: setting(text, {
    default: '127.0.0.1',
    says: 'Address on which the API listens; another than loopback needs a generated key',
    option: '--host',
  }),
  port: setting(whole(0, 65535), { default: '3233', says: 'Port of the API', option: '--port' }),
  blockingWaitMs: setting(durationMs, {
    default: '60s',
    says: 'How long a blocking invocation is held before it is answered with 202',
    openwhisk: ['whisk.controller.activation.max-wait-for-blocking-activation'],
  }),
  requireApiKeyAnnotation: setting(flag, {
    default: 'true',
    says: 'A new action gets its API key only when annotated so',
    openwhisk: ['whisk.feature-flags.require-api-key-annotation'],
  }),
}
