import { setting } from './setting.ts'
import { oneOf, text } from './types.ts'

/** A setting of Kafka's Java client that OpenWhisk passes on (protocol reference 1.3): the name says which. */
function java(key: string, declared: { says: string; default?: string; isSecret?: boolean }) {
  return setting(text, { default: '', ...declared, openwhisk: [`whisk.kafka.common.${key}`] })
}

/** TLS and SASL towards the brokers, by the names of Kafka's Java client. */
export const kafkaSecurity = {
  securityProtocol: setting(oneOf('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'), {
    default: 'PLAINTEXT',
    says: 'How to speak with the brokers',
    openwhisk: ['whisk.kafka.common.security-protocol'],
  }),
  sslEndpointIdentificationAlgorithm: java('ssl-endpoint-identification-algorithm', {
    says: 'https checks that a certificate is for the host; nothing, as in OpenWhisk, trusts any host with a good one',
  }),
  sslTruststoreLocation: java('ssl-truststore-location', { says: 'File with the certificates to trust' }),
  sslTruststoreType: java('ssl-truststore-type', { says: 'What that file is: PEM' }),
  sslTruststoreCertificates: java('ssl-truststore-certificates', { says: 'The certificates to trust, as PEM text' }),
  sslKeystoreLocation: java('ssl-keystore-location', { says: 'File with our key and certificate' }),
  sslKeystoreType: java('ssl-keystore-type', { says: 'What that file is: PEM or PKCS12' }),
  sslKeystorePassword: java('ssl-keystore-password', { says: 'Password of that file', isSecret: true }),
  sslKeystoreKey: java('ssl-keystore-key', { says: 'Our key, as PEM text', isSecret: true }),
  sslKeystoreCertificateChain: java('ssl-keystore-certificate-chain', { says: 'Our certificate, as PEM text' }),
  sslKeyPassword: java('ssl-key-password', { says: 'Password of our key', isSecret: true }),
  saslMechanism: java('sasl-mechanism', { says: 'PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512' }),
  saslJaasConfig: java('sasl-jaas-config', { says: 'Login module with user and password', isSecret: true }),
}
