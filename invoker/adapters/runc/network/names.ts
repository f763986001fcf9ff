import { createHash } from 'node:crypto'

/** Names of what one invoker makes in the host's network. Interface names have 15 characters, so the instance is in them as a hash. */
export interface NetworkNames {
  /** Start of the host's ends of the containers' links. */
  readonly linkPrefix: string
  /** Interface that holds the gateway's address. */
  readonly gatewayLink: string
  /** The other end of it. */
  readonly gatewayPeer: string
  /** Table of nftables. */
  readonly table: string
}

/** The names of invoker `instance`. */
export function networkNames(instance: string): NetworkNames {
  const hash = createHash('sha256').update(instance).digest('hex').slice(0, 6)
  return {
    linkPrefix: `ww${hash}-`,
    gatewayLink: `wg${hash}`,
    gatewayPeer: `wp${hash}`,
    table: `warmwhisk_${instance.replaceAll(/[^A-Za-z0-9_]/g, '_')}`,
  }
}
