import { createCipheriv } from 'node:crypto'
import { expect } from 'chai'
import { isFault } from '../../../invoker/faults/fault.ts'
import { Parameters } from '../../../invoker/store/parameters.ts'

const keys = { 'aes-128': Buffer.alloc(16, 7), 'aes-256': Buffer.alloc(32, 8) }
const parameters = new Parameters({ current: 'aes-128', keys })

/** A locked value as OpenWhisk writes it, made by hand. */
function lockedByHand(
  cipher: 'aes-128-gcm' | 'aes-256-gcm',
  { key, iv, text }: { key: Buffer; iv: Buffer; text: string },
): string {
  const sealing = createCipheriv(cipher, key, iv)
  const length = Buffer.alloc(4)
  length.writeInt32BE(iv.length)
  return Buffer.concat([length, iv, sealing.update(text), sealing.final(), sealing.getAuthTag()]).toString('base64')
}

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (isFault(error)) return error.code
    throw error
  }
  return 'nothing'
}

describe('Parameters', () => {
  it('reads what OpenWhisk wrote: 12 bytes of IV with aes-128, 128 with aes-256', () => {
    const short = lockedByHand('aes-128-gcm', { key: keys['aes-128'], iv: Buffer.alloc(12, 3), text: '{"a":[1,"x"]}' })
    const long = lockedByHand('aes-256-gcm', { key: keys['aes-256'], iv: Buffer.alloc(128, 3), text: '"secret"' })
    expect(parameters.unlockValue(short, 'aes-128')).to.deep.equal({ a: [1, 'x'] })
    expect(parameters.unlockValue(long, 'aes-256')).to.equal('secret')
  })

  it('writes the length of the IV, the IV, the cipher text and the tag', () => {
    for (const [current, ivBytes] of [
      ['aes-128', 12],
      ['aes-256', 128],
    ] as const) {
      const [locked] = new Parameters({ current, keys }).lock([{ key: 'k', value: 'x', init: true }])
      const bytes = Buffer.from(String(locked?.value), 'base64')
      expect(bytes.readUInt32BE(0)).to.equal(ivBytes)
      expect(bytes.length).to.equal(4 + ivBytes + '"x"'.length + 16)
      expect(locked).to.include({ key: 'k', init: true, encryption: current })
    }
  })

  it('locks nothing when it is off, and leaves what is locked', () => {
    const off = new Parameters({ current: 'off', keys })
    expect(off.lock([{ key: 'k', value: 1 }])).to.deep.equal([{ key: 'k', value: 1 }])
    const locked = parameters.lock([{ key: 'k', value: 1 }])
    expect(new Parameters({ current: 'aes-256', keys }).lock(locked)).to.deep.equal(locked)
    expect(off.unlock(locked)).to.deep.equal([{ key: 'k', value: 1 }])
  })

  it('leaves unknown algorithms and values that are no text alone', () => {
    expect(parameters.unlockValue('AAAA', 'rot-13')).to.equal('AAAA')
    expect(parameters.unlockValue(7, 'aes-128')).to.equal(7)
  })

  it('faults where the key is another, the text was changed, or is none, and never tells the key', () => {
    const [locked] = parameters.lock([{ key: 'k', value: 'x' }])
    const value = String(locked?.value)
    const other = new Parameters({ current: 'off', keys: { 'aes-128': Buffer.alloc(16, 9) } })
    const changed = Buffer.from(value, 'base64')
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1)
    for (const work of [
      () => other.unlockValue(value, 'aes-128'),
      () => other.unlockValue(value, 'aes-256'),
      () => parameters.unlockValue(changed.toString('base64'), 'aes-128'),
      () => parameters.unlockValue(value, 'aes-256'),
      () => parameters.unlockValue('short', 'aes-128'),
    ]) {
      expect(codeOf(work)).to.equal('PARAMETER_LOCKED')
    }
  })

  it('refuses keys of the wrong length, and a current algorithm without a key', () => {
    expect(codeOf(() => new Parameters({ current: 'off', keys: { 'aes-128': Buffer.alloc(15) } }))).to.equal(
      'SETTINGS_WRONG',
    )
    expect(codeOf(() => new Parameters({ current: 'aes-256', keys: {} }))).to.equal('SETTINGS_WRONG')
  })
})
