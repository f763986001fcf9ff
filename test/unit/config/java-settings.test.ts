import { expect } from 'chai'
import { javaSettings } from '../../../invoker/config/java-settings.ts'
import { readConfig } from '../../../invoker/config/read-config.ts'

describe('javaSettings()', () => {
  it("gives OpenWhisk's settings of the broker's security back under the names of Kafka's Java client", () => {
    const env = {
      CONFIG_whisk_kafka_common_securityProtocol: 'SASL_SSL',
      CONFIG_whisk_kafka_common_sslTruststoreLocation: '/conf/trust.pem',
      CONFIG_whisk_kafka_common_saslJaasConfig: 'PlainLoginModule required username="a" password="b";',
    }
    expect(javaSettings(readConfig(env, { mode: 'standalone' }).kafkaSecurity)).to.deep.equal({
      'security.protocol': 'SASL_SSL',
      'ssl.truststore.location': '/conf/trust.pem',
      'sasl.jaas.config': 'PlainLoginModule required username="a" password="b";',
    })
  })

  it('leaves out what is not set', () => {
    expect(javaSettings(readConfig({}, { mode: 'standalone' }).kafkaSecurity)).to.deep.equal({
      'security.protocol': 'PLAINTEXT',
    })
  })
})
