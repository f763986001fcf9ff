import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { SASLOptions } from 'kafkajs'
import { Fault } from '../../faults/fault.ts'
import { reasonOf } from '../../lib/reason-of.ts'
import type { Security } from './connect-kafka.ts'

/** Settings by the names of Kafka's Java client, as OpenWhisk passes them on under `whisk.kafka.common` (protocol reference 1.3). */
export type JavaSettings = Readonly<Record<string, string>>

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']
const known = new Set([
  'sasl.jaas.config',
  'sasl.mechanism',
  'security.protocol',
  'ssl.endpoint.identification.algorithm',
  'ssl.key.password',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.type',
  'ssl.truststore.certificates',
  'ssl.truststore.location',
  'ssl.truststore.type',
])

/**
 * TLS and SASL for kafkajs from the settings of the Java client: PEM and PKCS12 stores, PLAIN and SCRAM. Settings that are not about
 * security are left alone.
 * @throws Fault SETTINGS_WRONG that names every setting that has no counterpart, and never a value that may be secret
 */
export function securityOf(settings: JavaSettings): Security {
  const problems = Object.keys(settings)
    .filter((name) => /^(ssl|sasl)\./.test(name) && !known.has(name))
    .map((name) => `${name} has no counterpart here: remove it`)
  const protocol = settings['security.protocol'] || 'PLAINTEXT'
  if (!protocols.includes(protocol))
    problems.push(`security.protocol is "${protocol}": one of ${protocols.join(', ')} is expected`)
  const ssl = protocol.endsWith('SSL') ? tlsOf(settings, problems) : undefined
  const sasl = protocol.startsWith('SASL') ? saslOf(settings, problems) : undefined
  if (problems.length > 0)
    throw new Fault('SETTINGS_WRONG', `the broker cannot be reached so\n  ${problems.join('\n  ')}`)
  return { ...(ssl ? { ssl } : {}), ...(sasl ? { sasl } : {}) }
}

function tlsOf(settings: JavaSettings, problems: string[]): ConnectionOptions {
  const isNameChecked = settings['ssl.endpoint.identification.algorithm'] === 'https'
  return {
    ...trustOf(settings, problems),
    ...keyOf(settings, problems),
    // OpenWhisk's default is "", which trusts any host name that has a good certificate.
    ...(isNameChecked ? {} : { checkServerIdentity: () => undefined }),
  }
}

function trustOf(settings: JavaSettings, problems: string[]): ConnectionOptions {
  const text = settings['ssl.truststore.certificates']
  if (text) return { ca: text }
  const location = settings['ssl.truststore.location']
  if (!location) return {}
  const type = settings['ssl.truststore.type'] || 'JKS'
  if (type === 'PEM') return { ca: fileOf('ssl.truststore.location', location, problems) }
  problems.push(`ssl.truststore.type is "${type}": PEM is expected (keytool -exportcert -rfc writes it)`)
  return {}
}

function keyOf(settings: JavaSettings, problems: string[]): ConnectionOptions {
  const passphrase = settings['ssl.key.password'] || settings['ssl.keystore.password']
  const secret = passphrase ? { passphrase } : {}
  const key = settings['ssl.keystore.key']
  if (key) return { key, cert: settings['ssl.keystore.certificate.chain'] ?? '', ...secret }
  const location = settings['ssl.keystore.location']
  if (!location) return {}
  const type = settings['ssl.keystore.type'] || 'JKS'
  if (type !== 'PEM' && type !== 'PKCS12') {
    problems.push(`ssl.keystore.type is "${type}": PEM or PKCS12 is expected (keytool -importkeystore writes it)`)
    return {}
  }
  const content = fileOf('ssl.keystore.location', location, problems)
  return type === 'PEM' ? { key: content, cert: content, ...secret } : { pfx: content, ...secret }
}

function saslOf(settings: JavaSettings, problems: string[]): SASLOptions | undefined {
  const mechanism = settings['sasl.mechanism'] || 'GSSAPI'
  const jaas = settings['sasl.jaas.config'] ?? ''
  const login = { username: memberOf(jaas, 'username'), password: memberOf(jaas, 'password') }
  if (!jaas.includes('username=') || !jaas.includes('password=')) {
    problems.push('sasl.jaas.config is to hold username="…" and password="…"')
  }
  if (mechanism === 'PLAIN') return { mechanism: 'plain', ...login }
  if (mechanism === 'SCRAM-SHA-256') return { mechanism: 'scram-sha-256', ...login }
  if (mechanism === 'SCRAM-SHA-512') return { mechanism: 'scram-sha-512', ...login }
  problems.push(`sasl.mechanism is "${mechanism}": PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 is expected`)
  return undefined
}

/** A quoted or bare member of a line such as `PlainLoginModule required username="a" password="b";`. */
function memberOf(jaas: string, name: string): string {
  const [, quoted, bare] = new RegExp(`\\b${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`).exec(jaas) ?? []
  return quoted?.replace(/\\(.)/g, '$1') ?? bare ?? ''
}

function fileOf(name: string, location: string, problems: string[]): Buffer {
  try {
    return readFileSync(location)
  } catch (error) {
    problems.push(`${name} cannot be read: ${reasonOf(error)}`)
    return Buffer.alloc(0)
  }
}
