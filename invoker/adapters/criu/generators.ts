/**
 * OpenSSL's random generators in the pages of a checkpoint. A copy would draw what its siblings draw: a generator notices a fork by
 * its process number, and a copy has the same. It draws new entropy also when its last time is too long ago, so that time is
 * taken back to 1970. The main generator of a process and those of its threads are found by what stands beside it (providers/implementations/rands/
 * drbg_local.h, `struct prov_drbg_st`: `generate_counter`, `reseed_interval`, `reseed_time`, `reseed_time_interval`), with the
 * constants of crypto/rand/rand_local.h. Nobody has to believe that: two copies prove it for each image (`CriuEngine`).
 */

/** Requests, and seconds, after which a generator draws again: the main one, and those below it. */
const intervals = [
  { requests: 256, seconds: 60 * 60 },
  { requests: 65_536, seconds: 7 * 60 },
] as const

/** Bytes of the four fields; the structure is aligned to 8. */
const FIELDS = 24
const ALIGNED = 8

/**
 * Makes every generator in `pages` draw new entropy before it gives anything. `from` and `to`: the life of the process, in
 * seconds since 1970. Gives how many there are.
 */
export function expireGenerators(pages: Buffer, { from, to }: { readonly from: number; readonly to: number }): number {
  let count = 0
  for (const { requests, seconds } of intervals) {
    const interval = Buffer.alloc(8)
    interval.writeBigInt64LE(BigInt(seconds))
    for (const start of occurrences(pages, interval).map((at) => at - FIELDS + interval.length)) {
      if (start < 0 || start % ALIGNED !== 0 || pages.readUInt32LE(start + 4) !== requests) continue
      const drawn = Number(pages.readBigInt64LE(start + 8))
      if (drawn < Math.floor(from) || drawn > Math.ceil(to)) continue
      pages.writeBigInt64LE(0n, start + 8)
      count += 1
    }
  }
  return count
}

function occurrences(bytes: Buffer, wanted: Buffer): number[] {
  const found: number[] = []
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) found.push(at)
  return found
}
