import { setting } from './setting.ts'
import { durationMs, flag, list, oneOf, optional, text, whole } from './types.ts'

/** The invoker as it names itself, and its own HTTP port (protocol reference 4.1, 4.6). */
export const invoker = {
  id: setting(whole(0, 2147483647), {
    default: '0',
    says: 'Number of the invoker, which names its topic: invoker0, invoker1 and so on',
    option: '--id',
    neededBy: 'invoker',
  }),
  uniqueName: setting(optional(text), { default: '', says: 'Its unique name', option: '--uniqueName' }),
  displayedName: setting(optional(text), { default: '', says: 'Name shown to people', option: '--displayedName' }),
  tags: setting(list, {
    default: '',
    says: 'Resource tags that it reports',
    openwhisk: ['whisk.invoker.resource.tags'],
  }),
  dedicatedNamespaces: setting(list, {
    default: '',
    says: 'Namespaces that it reports to be reserved for',
    openwhisk: ['whisk.invoker.dedicated.namespaces'],
  }),
  host: setting(text, { default: '0.0.0.0', says: 'Address on which its HTTP port listens' }),
  port: setting(whole(0, 65535), { default: '8080', says: 'Its HTTP port', openwhisk: ['PORT'] }),
  protocol: setting(oneOf('http', 'https'), {
    default: 'http',
    says: 'How its HTTP port speaks',
    openwhisk: ['whisk.invoker.protocol'],
  }),
  username: setting(text, {
    default: 'invoker.user',
    says: 'User of its HTTP port',
    openwhisk: ['whisk.invoker.username'],
  }),
  password: setting(text, {
    default: 'invoker.pass',
    says: "The user's password",
    openwhisk: ['whisk.invoker.password'],
    isSecret: true,
  }),
  keystorePath: setting(optional(text), {
    default: '',
    says: 'PKCS12 file with the key and certificate for https',
    openwhisk: ['whisk.invoker.https.keystore-path'],
  }),
  keystorePassword: setting(text, {
    default: '',
    says: 'Password of that file',
    openwhisk: ['whisk.invoker.https.keystore-password'],
    isSecret: true,
  }),
  clientAuth: setting(flag, {
    default: 'false',
    says: 'Ask clients for a certificate that the file trusts',
    openwhisk: ['whisk.invoker.https.client-auth'],
  }),
}

/** The API host that actions see as `__OW_API_HOST` (4.2). */
export const whiskApi = {
  protocol: setting(oneOf('http', 'https'), {
    default: 'https',
    says: 'How actions reach the API',
    openwhisk: ['WHISK_API_HOST_PROTO'],
  }),
  name: setting(text, {
    default: '',
    says: 'Host of the API; standalone tells its own',
    openwhisk: ['WHISK_API_HOST_NAME'],
    neededBy: 'invoker',
  }),
  port: setting(whole(1, 65535), { default: '443', says: 'Port of the API', openwhisk: ['WHISK_API_HOST_PORT'] }),
}

/** What the invoker tells about itself. */
export const log = {
  level: setting(oneOf('debug', 'info', 'warn', 'error'), { default: 'info', says: 'Least level that is written' }),
}

/** The end of the invoker. */
export const drain = {
  graceMs: setting(durationMs, {
    default: '30s',
    says: 'How long running activations may go on after SIGTERM; what still runs then is acked as an error',
  }),
}
