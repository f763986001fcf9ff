import { expect } from 'chai'
import fc from 'fast-check'
import { bytesToCode, codeToBytes, encodeCode, inlineBytes, isBinaryCode } from '../../invoker/store/code.ts'

describe('code in documents', () => {
  it('comes back as it was, text or base64, in the name or apart', async () => {
    const code = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }).map((text) => ({ text, isBinary: false })),
      fc
        .uint8Array({ maxLength: 300 })
        .map((bytes) => ({ text: Buffer.from(bytes).toString('base64'), isBinary: true })),
    )
    await fc.assert(
      fc.asyncProperty(code, async ({ text, isBinary }) => {
        const { inline, data } = await encodeCode(text, isBinary)
        expect(await bytesToCode(data, isBinary)).to.equal(text)
        expect(inline === undefined ? undefined : inlineBytes(inline)).to.deep.equal(data)
        expect(await codeToBytes(text, isBinary)).to.deep.equal(data)
      }),
    )
  })

  it('is binary when it is padded base64 of anything', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 })
    fc.assert(fc.property(bytes, (some) => isBinaryCode(Buffer.from(some).toString('base64'))))
  })
})
