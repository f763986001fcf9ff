/** How many messages an invoker takes at once, OpenWhisk's maxPeek (protocol reference 1.4). Memory in MB; `peekFactor` in (0, 1]. */
export function maxInFlight(of: {
  readonly userMemoryMb: number
  readonly leastMemoryMb: number
  readonly maxConcurrency: number
  readonly peekFactor: number
}): number {
  const containers = Math.max(1, Math.floor(of.userMemoryMb / of.leastMemoryMb))
  return Math.max(containers, Math.floor(containers * of.maxConcurrency * of.peekFactor))
}
