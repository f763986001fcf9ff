import type { Config } from '../../../invoker/config/read-config.ts'
import type { Thing } from './thing.ts'

/** The services of a deployment: only those that are configured. */
export function serviceThings(config: Config): readonly Thing[] {
  return [...config.kafka.hosts.map(broker), ...(config.couch.host === '' ? [] : [couch])]
}

function broker(address: string): Thing {
  const cut = address.lastIndexOf(':')
  const host = address.slice(0, cut).replace(/^\[(.*)\]$/, '$1')
  return {
    what: `Kafka at ${address}`,
    isNeeded: true,
    without: 'the invoker gets no work and cannot answer',
    remedy: 'Start the broker, or set KAFKA_HOSTS to where it is',
    probe: async ({ machine }) => {
      const refusal = await machine.refusal(host, Number(address.slice(cut + 1)))
      return { isThere: refusal === undefined, found: refusal ?? 'listens' }
    },
  }
}

const couch: Thing = {
  what: 'CouchDB',
  isNeeded: true,
  without: 'actions cannot be read and records not stored',
  remedy: 'Start it, or set CONFIG_whisk_couchdb_host, _port, _username and _password to what it has',
  probe: async ({ machine, config }) => {
    const { protocol, host, port, username, password, whisks } = config.couch
    const url = `${protocol}://${host}:${port}/${encodeURIComponent(whisks)}`
    const basic = Buffer.from(`${username}:${password}`).toString('base64')
    const failure = await machine.failure(url, username === '' ? {} : { authorization: `Basic ${basic}` })
    return { isThere: failure === undefined, found: `${url}: ${failure ?? 'answers'}` }
  },
}
