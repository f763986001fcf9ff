import { expect } from 'chai'
import { readBasic } from '../../../deploy/standalone/authentication.ts'

const encode = (text: string): string => Buffer.from(text).toString('base64')

describe('readBasic()', () => {
  it('reads uuid and key, whatever the case of the scheme', () => {
    for (const scheme of ['Basic', 'basic', 'BASIC']) {
      expect(readBasic(`${scheme} ${encode('u:k')}`)).to.deep.equal({ uuid: 'u', key: 'k' })
    }
  })

  it('cuts at the first colon, and takes a missing one for an empty key', () => {
    expect(readBasic(`Basic ${encode('u:k:l')}`)).to.deep.equal({ uuid: 'u', key: 'k:l' })
    expect(readBasic(`Basic ${encode('u')}`)).to.deep.equal({ uuid: 'u', key: '' })
  })

  it('takes no header, another scheme and what is no base64 for nothing supplied', () => {
    for (const header of [undefined, '', 'nonsense', 'Bearer abc', 'Basic', 'Basic !!!']) {
      expect(readBasic(header), String(header)).to.equal(undefined)
    }
  })
})
