import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from './command.ts'
import type { NetworkNames } from './names.ts'
import { addressAt, type Subnet } from './subnet.ts'

/** A network namespace with one end of a link in it; the other end is in the host's. */
export interface Namespace {
  /** Number of its address in the subnet. */
  readonly index: number
  readonly file: string
  readonly address: string
}

/** Index of the gateway's address; containers have the ones after it. */
export const GATEWAY = 1

/**
 * Makes and removes network namespaces. Each end of a link knows the other's address beforehand (fixed MAC addresses, permanent
 * neighbours), so that no ARP is needed and no container can answer for another.
 */
export class Namespaces {
  readonly #folder: string
  readonly #names: NetworkNames
  readonly #subnet: Subnet
  readonly #mtu: number
  /** Without IPv6 in the kernel there is no address to suppress, and the command would fail. */
  readonly #hasIpv6 = existsSync('/proc/sys/net/ipv6')

  constructor(options: {
    readonly folder: string
    readonly names: NetworkNames
    readonly subnet: Subnet
    readonly mtu: number
  }) {
    this.#folder = options.folder
    this.#names = options.names
    this.#subnet = options.subnet
    this.#mtu = options.mtu
  }

  /** Makes the namespace of address number `index`. @throws Error when a step fails; nothing is left then. */
  async make(index: number): Promise<Namespace> {
    const file = join(this.#folder, String(index))
    const namespace = { index, file, address: addressAt(this.#subnet, index) }
    await writeFile(file, '')
    try {
      await command(['unshare', `--net=${file}`, 'ip', '-batch', '-'], this.#inside(namespace))
      await command(['ip', '-batch', '-'], this.#outside(namespace))
    } catch (error) {
      await this.remove([namespace])
      throw error
    }
    return namespace
  }

  /** Removes namespaces; the kernel takes their links with them. Those that are gone already are no error. */
  async remove(namespaces: readonly Namespace[]): Promise<void> {
    const files = namespaces.map(({ file }) => file)
    // Quiet: a file that nothing is mounted on is what a failed start leaves.
    if (files.length > 0) await command(['umount', '--quiet', '--lazy', ...files]).catch(() => undefined)
    await Promise.all(files.map((file) => rm(file, { force: true })))
  }

  #inside({ index, address }: Namespace): string {
    const gateway = addressAt(this.#subnet, GATEWAY)
    const ours = mac('57', index)
    return [
      'link set lo up',
      `link add eth0 mtu ${this.#mtu} address ${mac('58', index)} type veth peer name ${this.#link(index)} mtu ${this.#mtu} address ${ours} netns ${process.pid}`,
      ...this.#withoutIpv6('eth0'),
      `addr add ${address}/32 dev eth0`,
      'link set eth0 up',
      `neigh add ${gateway} lladdr ${ours} dev eth0 nud permanent`,
      `route add ${gateway} dev eth0 scope link`,
      `route add default via ${gateway} dev eth0`,
    ].join('\n')
  }

  #outside({ index, address }: Namespace): string {
    const link = this.#link(index)
    return [
      ...this.#withoutIpv6(link),
      `link set ${link} up`,
      `neigh add ${address} lladdr ${mac('58', index)} dev ${link} nud permanent`,
      `route add ${address}/32 dev ${link} src ${addressAt(this.#subnet, GATEWAY)}`,
    ].join('\n')
  }

  /** No link-local address: containers speak IPv4 only, and our rules need not know others. */
  #withoutIpv6(link: string): string[] {
    return this.#hasIpv6 ? [`link set ${link} addrgenmode none`] : []
  }

  #link(index: number): string {
    return `${this.#names.linkPrefix}${index.toString(36)}`
  }
}

/** A locally administered MAC address; `end` tells the two ends of a link apart. */
function mac(end: string, index: number): string {
  const number = index.toString(16).padStart(6, '0')
  return `02:57:${end}:${number.slice(0, 2)}:${number.slice(2, 4)}:${number.slice(4)}`
}
