import { isIP } from 'node:net'

/** What a resolv.conf(5) says, as far as containers take it over. */
export interface ResolvConf {
  readonly servers: readonly string[]
  readonly search: readonly string[]
  readonly options: readonly string[]
}

/** Reads a resolv.conf. What cannot be read is left out; without a server it is the one on the loopback, as resolv.conf(5) has it. */
export function readResolvConf(text: string): ResolvConf {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/))
  const values = (key: string): string[] => lines.filter(([first]) => first === key).flatMap((line) => line.slice(1))
  const servers = values('nameserver').filter((server) => isIP(server) !== 0)
  const searches = lines.filter(([first]) => first === 'search' || first === 'domain')
  return {
    servers: servers.length > 0 ? servers : ['127.0.0.1'],
    // The last line of several wins.
    search: searches.at(-1)?.slice(1) ?? [],
    options: values('options'),
  }
}

/** Writes the resolv.conf of containers: their one server is the gateway. */
export function writeResolvConf(gateway: string, { search, options }: Omit<ResolvConf, 'servers'>): string {
  const lines = [`nameserver ${gateway}`]
  if (search.length > 0) lines.push(`search ${search.join(' ')}`)
  if (options.length > 0) lines.push(`options ${options.join(' ')}`)
  return `${lines.join('\n')}\n`
}
