import type { NetworkNames } from './names.ts'

/** What the rules are made from. */
export interface RuleParts {
  readonly names: NetworkNames
  /** The containers' addresses, CIDR. */
  readonly subnet: string
  readonly gateway: string
  /** Ports of the gateway's address that containers may reach by TCP: the API. */
  readonly openPorts: readonly number[]
  /** Where the relay for names listens, at the gateway's address. */
  readonly dnsPort: number
}

/** Addresses that no container reaches: this host, its links, everybody at once. */
const denied = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '255.255.255.255']

/**
 * The table of one invoker, for `nft -f`. It judges only packets that come from or go to its containers, and packets for the
 * gateway's address. Accepting here does not overrule a table of somebody else that drops.
 */
export function nftRules({ names, subnet, gateway, openPorts, dnsPort }: RuleParts): string {
  const ours = `"${names.linkPrefix}*"`
  const refuse = 'reject with icmpx type admin-prohibited'
  const ports = [...openPorts, dnsPort].join(', ')
  return `table inet ${names.table}
delete table inet ${names.table}
table inet ${names.table} {
  chain names {
    type nat hook prerouting priority dstnat; policy accept;
    iifname ${ours} ip daddr ${gateway} udp dport 53 dnat ip to ${gateway}:${dnsPort}
    iifname ${ours} ip daddr ${gateway} tcp dport 53 dnat ip to ${gateway}:${dnsPort}
  }
  chain to_host {
    type filter hook input priority filter - 5; policy accept;
    iifname ${ours} ct state established,related accept
    iifname ${ours} ip saddr ${subnet} ip daddr ${gateway} tcp dport { ${ports} } accept
    iifname ${ours} ip saddr ${subnet} ip daddr ${gateway} udp dport ${dnsPort} accept
    iifname ${ours} ${refuse}
    iifname != "lo" ip daddr ${gateway} ${refuse}
  }
  chain through_host {
    type filter hook forward priority filter - 5; policy accept;
    iifname ${ours} oifname ${ours} ${refuse}
    iifname ${ours} ip saddr != ${subnet} drop
    iifname ${ours} meta nfproto ipv6 drop
    iifname ${ours} ip daddr { ${denied.join(', ')}, ${subnet} } ${refuse}
    iifname ${ours} ct status dnat ${refuse}
    iifname ${ours} accept
    oifname ${ours} ct state established,related accept
    oifname ${ours} ${refuse}
  }
  chain from_host {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${subnet} oifname != ${ours} oifname != "lo" masquerade
  }
}
`
}
