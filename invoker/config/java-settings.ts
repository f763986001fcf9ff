import type { Values } from './table.ts'

/** The settings of TLS and SASL under the dotted names of Kafka's Java client, such as `ssl.keystore.location`; only what is set. */
export function javaSettings(security: Values['kafkaSecurity']): Readonly<Record<string, string>> {
  const dotted = (name: string) => name.replace(/[A-Z]/g, (letter) => `.${letter.toLowerCase()}`)
  return Object.fromEntries(
    Object.entries(security)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [dotted(name), value]),
  )
}
