import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import {
  bytesToCode,
  codeToBytes,
  encodeCode,
  inlineBytes,
  isBinaryCode,
  maxInlineBytes,
} from '../../../invoker/store/code.ts'

describe('isBinaryCode()', () => {
  for (const code of ['main', 'UEsDBBQ=', 'UEsDBA==', ' UEsDBBQA\n', 'ab+/']) {
    it(`takes ${JSON.stringify(code)} for base64`, () => expect(isBinaryCode(code)).to.equal(true))
  }
  for (const code of ['', '   ', 'abc', 'function main(){}', 'ab-_', 'a===', 'ab=c', 'UEsD\nBBQA']) {
    it(`takes ${JSON.stringify(code)} for text`, () => expect(isBinaryCode(code)).to.equal(false))
  }

  it('judges 64 MB of base64', () => {
    expect(isBinaryCode('A'.repeat(64 * 1024 * 1024))).to.equal(true)
    expect(isBinaryCode(`${'A'.repeat(64 * 1024 * 1024 - 1)}-`)).to.equal(false)
  })
})

describe('encodeCode()', () => {
  it('keeps small code in the name, as a recorded document does', async () => {
    const { inline } = await encodeCode('function main(p){return p }', false)
    expect(inline).to.deep.equal({
      attachmentName: 'mem:ZnVuY3Rpb24gbWFpbihwKXtyZXR1cm4gcCB9',
      attachmentType: 'text/plain; charset=UTF-8',
      length: 27,
      digest: inline?.digest,
    })
    expect(inline?.digest).to.match(/^sha256-[0-9a-f]{64}$/)
  })

  it('uses the padded URL-safe alphabet', async () => {
    const { inline } = await encodeCode(Buffer.from([0xfb, 0xff, 0xfe, 0xff]).toString('base64'), true)
    expect(inline?.attachmentName).to.equal('mem:-__-_w==')
    expect(inline?.attachmentType).to.equal('application/octet-stream')
  })

  it('attaches from 16 KiB on', async () => {
    expect((await encodeCode('x'.repeat(maxInlineBytes - 1), false)).inline).to.not.equal(undefined)
    expect((await encodeCode('x'.repeat(maxInlineBytes), false)).inline).to.equal(undefined)
  })
})

describe('code as bytes', () => {
  it('comes back in one piece from many slices', async () => {
    const binary = randomBytes(3_000_001).toString('base64')
    expect(await bytesToCode(await codeToBytes(binary, true), true)).to.equal(binary)
    const text = 'größer 名 😀'.repeat(300_000)
    expect(await bytesToCode(await codeToBytes(text, false), false)).to.equal(text)
  })

  it('lets others run between slices', async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 0)
    await codeToBytes('QUJD'.repeat(4_000_000), true)
    clearInterval(timer)
    expect(turns).to.be.greaterThan(3)
  })

  it('is read from a name with padding and without', () => {
    const read = (attachmentName: string): string | undefined =>
      inlineBytes({ attachmentName, attachmentType: 'text/plain' })?.toString()
    expect(read('mem:ZnVuY3Rpb24gbWFpbihwKXtyZXR1cm4gcH0=')).to.equal('function main(p){return p}')
    expect(read('mem:ZnVuY3Rpb24gbWFpbihwKXtyZXR1cm4gcH0')).to.equal('function main(p){return p}')
    expect(read('couch:6d2b3d7c')).to.equal(undefined)
  })
})
