import { expect } from 'chai'
import fc from 'fast-check'
import { LINE_BYTES, LineSplitter, type RawLine, SENTINEL } from '../../../../invoker/adapters/output/line-splitter.ts'

function split(chunks: readonly (string | Buffer)[]): { readonly text: string; readonly isPartial: boolean }[] {
  const splitter = new LineSplitter()
  const lines: RawLine[] = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk)))
  return [...lines, ...splitter.end()].map(({ bytes, isPartial }) => ({
    text: Buffer.from(bytes).toString(),
    isPartial,
  }))
}
const whole = (text: string): object => ({ text, isPartial: false })
const partial = (text: string): object => ({ text, isPartial: true })

describe('LineSplitter', () => {
  it('cuts at newlines, wherever the chunks end', () => {
    expect(split(['on', 'e\ntwo', '\n\nfour'])).to.deep.equal([whole('one'), whole('two'), whole(''), partial('four')])
  })

  it('gives the same lines however the bytes are cut into chunks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.array(fc.nat(20)), (text, sizes) => {
        const bytes = Buffer.from(`${text}\nend\n`)
        const chunks: Buffer[] = []
        let at = 0
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, at + size))
          at += size
        }
        expect(split([...chunks, bytes.subarray(at)])).to.deep.equal(split([bytes]))
      }),
    )
  })

  it('cuts a line that is too long, and marks the first pieces', () => {
    const long = 'x'.repeat(LINE_BYTES)
    expect(split([`${long}${long}tail\n`])).to.deep.equal([partial(long), partial(long), whole('tail')])
  })

  it('leaves a line of exactly the limit whole', () => {
    const long = 'x'.repeat(LINE_BYTES)
    expect(split([`${long}\n`])).to.deep.equal([whole(long)])
  })

  it('does not cut inside a character', () => {
    const before = 'x'.repeat(LINE_BYTES - 1)
    expect(split([`${before}€y\n`])).to.deep.equal([partial(before), whole('€y')])
  })

  it('does not cut inside the sentinel, even when it comes in two chunks', () => {
    const before = 'x'.repeat(LINE_BYTES - 5)
    const [head, tail] = [SENTINEL.subarray(0, 7), SENTINEL.subarray(7)]
    expect(split([Buffer.concat([Buffer.from(before), head]), tail, '\n'])).to.deep.equal([
      partial(before),
      whole(SENTINEL.toString()),
    ])
  })

  it('never holds much more than a line', () => {
    const splitter = new LineSplitter()
    let given = 0
    for (let count = 0; count < 100; count += 1) {
      for (const { bytes } of splitter.push(Buffer.alloc(10_000, 'x'))) given += bytes.length
    }
    expect(1_000_000 - given).to.be.at.most(LINE_BYTES + SENTINEL.length)
  })
})
