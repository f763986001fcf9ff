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
  maxListLimit: setting(whole(1), {
    default: '200',
    says: 'Most entries of a list',
    openwhisk: ['whisk.query-limit.max-list-limit'],
  }),
  defaultListLimit: setting(whole(1), {
    default: '30',
    says: 'Entries of a list when the client does not say',
    openwhisk: ['whisk.query-limit.default-list-limit'],
  }),
  transactionHeader: setting(text, {
    default: 'X-Request-ID',
    says: 'Header that carries the transaction id',
    openwhisk: ['whisk.transactions.header'],
  }),
  requireApiKeyAnnotation: setting(flag, {
    default: 'true',
    says: 'A new action gets its API key only when annotated so',
    openwhisk: ['whisk.feature-flags.require-api-key-annotation'],
  }),
  requireResponsePayload: setting(flag, {
    default: 'true',
    says: 'PUT and DELETE answer with the entity',
    openwhisk: ['whisk.feature-flags.require-response-payload'],
  }),
}
