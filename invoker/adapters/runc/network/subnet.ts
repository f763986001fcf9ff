import { isIPv4 } from 'node:net'

/** A block of IPv4 addresses. `base` is its first address as a number. */
export interface Subnet {
  readonly base: number
  readonly prefix: number
}

/** Size of the part of the configured block that one invoker takes: 4,094 addresses. */
const PART_PREFIX = 20

/** Reads `10.88.0.0/16`. @throws SyntaxError when it is no block of IPv4 addresses, or too small to be of use. */
export function parseSubnet(text: string): Subnet {
  const [address = '', bits = '', ...more] = text.split('/')
  const prefix = Number(bits)
  if (!isIPv4(address) || !/^\d+$/.test(bits) || more.length > 0 || prefix < 8 || prefix > 28) {
    throw new SyntaxError(
      `Cannot read the subnet "${text}": expected an IPv4 block from /8 to /28, such as "10.88.0.0/16"`,
    )
  }
  const size = 2 ** (32 - prefix)
  return { base: Math.floor(toNumber(address) / size) * size, prefix }
}

/** How many addresses a block has. */
export function sizeOf({ prefix }: Subnet): number {
  return 2 ** (32 - prefix)
}

/** The block in CIDR notation. */
export function cidrOf(subnet: Subnet): string {
  return `${addressAt(subnet, 0)}/${subnet.prefix}`
}

/** Address number `index` of a block. */
export function addressAt({ base }: Subnet, index: number): string {
  const number = base + index
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

/** Whether two blocks share an address. */
export function overlaps(one: Subnet, other: Subnet): boolean {
  return one.base < other.base + sizeOf(other) && other.base < one.base + sizeOf(one)
}

/** First part of `pool` that shares no address with what the host routes already; undefined when none is left. */
export function firstFreePart(pool: Subnet, routed: readonly Subnet[]): Subnet | undefined {
  const prefix = Math.max(pool.prefix, PART_PREFIX)
  for (let base = pool.base; base < pool.base + sizeOf(pool); base += 2 ** (32 - prefix)) {
    const part = { base, prefix }
    if (!routed.some((route) => overlaps(part, route))) return part
  }
  return undefined
}

/** Destinations of `ip -json route show table all`: blocks and single addresses, without default routes. */
export function routedSubnets(json: unknown): Subnet[] {
  if (!Array.isArray(json)) return []
  return json.flatMap(({ dst }: { readonly dst?: unknown }) => {
    const [address = '', prefix = '32'] = String(dst).split('/')
    return isIPv4(address) ? [{ base: toNumber(address), prefix: Number(prefix) }] : []
  })
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}
