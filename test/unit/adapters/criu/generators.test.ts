import { expect } from 'chai'
import { expireGenerators } from '../../../../invoker/adapters/criu/generators.ts'

const life = { from: 1_700_000_000.5, to: 1_700_000_060.2 }

/** The four fields as OpenSSL has them in memory. */
function generator({ requests = 256, seconds = 3600, drawn = 1_700_000_030, given = 7 } = {}): Buffer {
  const fields = Buffer.alloc(24)
  fields.writeUInt32LE(given, 0)
  fields.writeUInt32LE(requests, 4)
  fields.writeBigInt64LE(BigInt(drawn), 8)
  fields.writeBigInt64LE(BigInt(seconds), 16)
  return fields
}

function pagesWith(fields: Buffer, at = 4096 + 64): Buffer {
  const pages = Buffer.alloc(3 * 4096, 0xab)
  fields.copy(pages, at)
  return pages
}

const drawnIn = (pages: Buffer, at = 4096 + 64): bigint => pages.readBigInt64LE(at + 8)

describe('expireGenerators()', () => {
  it('takes the time of the main generator and of those of threads back to 1970, and changes nothing else', () => {
    for (const fields of [generator(), generator({ requests: 65_536, seconds: 420 })]) {
      const pages = pagesWith(fields)
      expect(expireGenerators(pages, life)).to.equal(1)
      const wanted = pagesWith(Buffer.concat([fields.subarray(0, 8), Buffer.alloc(8), fields.subarray(16)]))
      expect(pages.equals(wanted)).to.equal(true)
    }
  })

  it('finds each of several, also across the border of two pages', () => {
    const pages = pagesWith(generator())
    generator({ requests: 65_536, seconds: 420 }).copy(pages, 2 * 4096 - 8)
    expect(expireGenerators(pages, life)).to.equal(2)
    expect([drawnIn(pages), drawnIn(pages, 2 * 4096 - 8)]).to.deep.equal([0n, 0n])
  })

  it('leaves what only looks like one: other constants, another time, not aligned', () => {
    const others = [
      pagesWith(generator({ requests: 255 })),
      pagesWith(generator({ seconds: 420 })),
      pagesWith(generator({ drawn: 1_699_999_999 })),
      pagesWith(generator({ drawn: 1_700_000_062 })),
      pagesWith(generator(), 4096 + 4),
    ]
    for (const pages of others) {
      const before = Buffer.from(pages)
      expect(expireGenerators(pages, life)).to.equal(0)
      expect(pages.equals(before)).to.equal(true)
    }
  })

  it('reads pages that begin in the middle of one', () => {
    expect(expireGenerators(generator().subarray(16), life)).to.equal(0)
  })
})
