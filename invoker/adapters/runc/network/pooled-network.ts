import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { Fault } from '../../../faults/fault.ts'
import { Background } from '../../../lib/background.ts'
import type { Log } from '../../../ports/log.ts'
import type { NetworkOptions } from '../options.ts'
import { command } from './command.ts'
import { DnsRelay } from './dns-relay.ts'
import type { Forwarding } from './forwarding.ts'
import type { NetworkNames } from './names.ts'
import { GATEWAY, type Namespace, Namespaces } from './namespaces.ts'
import type { ContainerNetwork, NetworkLease } from './network.ts'
import { readResolvConf, writeResolvConf } from './resolv-conf.ts'
import { nftRules } from './rules.ts'
import { addressAt, cidrOf, firstFreePart, parseSubnet, routedSubnets, type Subnet, sizeOf } from './subnet.ts'

/** What the network is made of. */
export interface PooledNetworkParts {
  readonly options: NetworkOptions
  readonly names: NetworkNames
  /** Where namespaces are mounted. */
  readonly folder: string
  readonly forwarding: Forwarding
  readonly log: Log
}

/**
 * A network for containers: each has a link of its own to the host, none to another container. Namespaces are made ahead of
 * time and used once, since what a container leaves in one (connections, counters) is nobody else's business.
 */
export class PooledNetwork implements ContainerNetwork {
  readonly #parts: PooledNetworkParts
  readonly #background: Background
  readonly #relay: DnsRelay
  readonly #ready: Namespace[] = []
  /** Address numbers that are free, the longest unused first. */
  #free: number[] = []
  #namespaces: Namespaces | undefined
  #subnet: Subnet | undefined
  #isFilling = false
  #isStopped = false

  constructor(parts: PooledNetworkParts) {
    this.#parts = parts
    this.#background = new Background((what, error) => parts.log.warn('network work failed', { what, error }))
    const { dnsServers } = parts.options
    this.#relay = new DnsRelay({ servers: () => (dnsServers.length > 0 ? dnsServers : hostResolver().servers) })
  }

  get gateway(): string | undefined {
    return this.#subnet === undefined ? undefined : addressAt(this.#subnet, GATEWAY)
  }

  get resolvConf(): string {
    const { dnsSearch, dnsOptions } = this.#parts.options
    const host = hostResolver()
    return writeResolvConf(this.gateway ?? '', {
      search: dnsSearch.length > 0 ? dnsSearch : host.search,
      options: dnsOptions,
    })
  }

  async start(): Promise<void> {
    const { options, names, folder, forwarding } = this.#parts
    const subnet = await freeSubnet(options.subnet)
    const gateway = addressAt(subnet, GATEWAY)
    this.#subnet = subnet
    this.#free = Array.from({ length: sizeOf(subnet) - GATEWAY - 2 }, (_, index) => index + GATEWAY + 1)
    this.#namespaces = new Namespaces({ folder, names, subnet, mtu: await outwardMtu() })
    await command(['ip', '-batch', '-'], gatewayCommands(names, gateway))
    const dnsPort = await this.#relay.start(gateway)
    const openPorts = options.apiPort === undefined ? [] : [options.apiPort]
    await command(['nft', '-f', '-'], nftRules({ names, subnet: cidrOf(subnet), gateway, openPorts, dnsPort }))
    await forwarding.acquire()
    this.#fill()
  }

  async lease(): Promise<NetworkLease> {
    const namespace = this.#ready.shift() ?? (await this.#make())
    this.#fill()
    return {
      netns: namespace.file,
      address: namespace.address,
      release: async () => this.#background.run('remove a network namespace', this.#remove([namespace])),
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#background.idle()
    await this.#remove(this.#ready.splice(0))
    await this.#relay.stop()
    await removeHostNetwork(this.#parts.names)
    await this.#parts.forwarding.release()
  }

  /** Makes namespaces one after the other until enough are ready. */
  #fill(): void {
    if (this.#isFilling || this.#isStopped) return
    this.#isFilling = true
    this.#background.run(
      'make network namespaces',
      this.#makeReady().finally(() => {
        this.#isFilling = false
      }),
    )
  }

  async #makeReady(): Promise<void> {
    while (this.#ready.length < this.#parts.options.ready && !this.#isStopped) this.#ready.push(await this.#make())
  }

  async #make(): Promise<Namespace> {
    const index = this.#free.shift()
    if (index === undefined || this.#namespaces === undefined) throw new Error('every address of the subnet is in use')
    try {
      return await this.#namespaces.make(index)
    } catch (error) {
      this.#free.push(index)
      throw error
    }
  }

  async #remove(namespaces: readonly Namespace[]): Promise<void> {
    await this.#namespaces?.remove(namespaces)
    this.#free.push(...namespaces.map(({ index }) => index))
  }
}

/** The gateway's address is on a link that leads nowhere: a pair, since not every kernel has dummy links. */
function gatewayCommands({ gatewayLink, gatewayPeer }: NetworkNames, gateway: string): string {
  return [
    `link add ${gatewayLink} type veth peer name ${gatewayPeer}`,
    `addr add ${gateway}/32 dev ${gatewayLink}`,
    `link set ${gatewayLink} up`,
  ].join('\n')
}

/** Takes away the rules and the links of an invoker, where they are. */
export async function removeHostNetwork(names: NetworkNames): Promise<void> {
  // What is not there is what we want.
  await command(['nft', 'delete', 'table', 'inet', names.table]).catch(() => undefined)
  const links = (await readdir('/sys/class/net').catch(() => [])).filter(
    (link) => link === names.gatewayLink || link.startsWith(names.linkPrefix),
  )
  // The kernel removes a link with its namespace, but at its leisure: it may be gone or not.
  const removals = links.map((link) => `link delete ${link}`).join('\n')
  if (links.length > 0) await command(['ip', '-force', '-batch', '-'], removals).catch(() => undefined)
}

function readSubnet(text: string): Subnet {
  try {
    return parseSubnet(text)
  } catch (cause) {
    throw new Fault('SETTINGS_WRONG', String(cause), { cause })
  }
}

async function freeSubnet(text: string): Promise<Subnet> {
  const routes: unknown = JSON.parse(await command(['ip', '-json', '-4', 'route', 'show', 'table', 'all']))
  const free = firstFreePart(readSubnet(text), routedSubnets(routes))
  if (free === undefined) {
    throw new Fault(
      'SETTINGS_WRONG',
      `the host routes all of the containers' subnet "${text}" elsewhere: choose another one`,
    )
  }
  return free
}

/** Largest packet of the link that the default route takes: larger ones from containers would be refused on their way. */
async function outwardMtu(): Promise<number> {
  const [route] = JSON.parse(await command(['ip', '-json', '-4', 'route', 'show', 'default']))
  if (typeof route?.dev !== 'string') return 1500
  const [link] = JSON.parse(await command(['ip', '-json', 'link', 'show', 'dev', route.dev]))
  return Number(link?.mtu) || 1500
}

function hostResolver(): ReturnType<typeof readResolvConf> {
  try {
    return readResolvConf(readFileSync('/etc/resolv.conf', 'utf8'))
  } catch {
    // A host without the file has a resolver on its loopback or none (resolv.conf(5)).
    return readResolvConf('')
  }
}
