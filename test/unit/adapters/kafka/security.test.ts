import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { type JavaSettings, securityOf } from '../../../../invoker/adapters/kafka/security.ts'
import { isFault } from '../../../../invoker/faults/fault.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

const jaas =
  'org.apache.kafka.common.security.plain.PlainLoginModule required username="in\\"voker" password="s3cret;x";'

function problemsOf(settings: JavaSettings): string {
  try {
    securityOf(settings)
  } catch (error) {
    if (isFault(error, 'SETTINGS_WRONG')) return error.message
    throw error
  }
  throw new Error('Nothing was wrong')
}

describe('securityOf()', () => {
  let directory: TempDirectory

  before(async () => {
    directory = await tempDirectory()
  })
  after(() => directory.remove())

  it('has none for OpenWhisk’s defaults', () => {
    expect(securityOf({ 'security.protocol': 'PLAINTEXT', 'ssl.endpoint.identification.algorithm': '' })).to.deep.equal(
      {},
    )
    expect(securityOf({})).to.deep.equal({})
  })

  it('logs in by PLAIN and SCRAM', () => {
    const of = (mechanism: string) =>
      securityOf({ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': mechanism, 'sasl.jaas.config': jaas })
    const login = { username: 'in"voker', password: 's3cret;x' }
    expect(of('PLAIN')).to.deep.equal({ sasl: { mechanism: 'plain', ...login } })
    expect(of('SCRAM-SHA-512')).to.deep.equal({ sasl: { mechanism: 'scram-sha-512', ...login } })
  })

  it('reads PEM and PKCS12 stores', () => {
    const pem = path.join(directory.path, 'a.pem')
    const p12 = path.join(directory.path, 'a.p12')
    writeFileSync(pem, 'pem')
    writeFileSync(p12, 'p12')
    const { ssl } = securityOf({
      'security.protocol': 'SSL',
      'ssl.endpoint.identification.algorithm': 'https',
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': pem,
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': p12,
      'ssl.keystore.password': 'p',
    })
    expect(ssl).to.deep.equal({ ca: Buffer.from('pem'), pfx: Buffer.from('p12'), passphrase: 'p' })
  })

  it('does not check host names unless it is told to, as OpenWhisk', () => {
    const { ssl } = securityOf({ 'security.protocol': 'SSL', 'ssl.truststore.certificates': 'ca' })
    expect(ssl).to.have.keys('ca', 'checkServerIdentity')
  })

  it('names everything that has no counterpart at once', () => {
    const message = problemsOf({
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'GSSAPI',
      'sasl.kerberos.service.name': 'kafka',
      'ssl.truststore.location': '/etc/trust.jks',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': '/does/not/exist',
    })
    for (const part of [
      'sasl.mechanism is "GSSAPI"',
      'sasl.kerberos.service.name has no counterpart',
      'ssl.truststore.type is "JKS"',
      'ENOENT',
      'sasl.jaas.config',
    ]) {
      expect(message).to.contain(part)
    }
  })

  it('never shows a secret', () => {
    const message = problemsOf({ 'security.protocol': 'SASL_TLS', 'sasl.jaas.config': jaas, 'ssl.protocol': 'TLS' })
    expect(message).to.contain('security.protocol is "SASL_TLS"').and.not.contain('s3cret')
  })
})
