import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { ScannedCode } from '../../../../invoker/images/want/scanned.ts'
import { anAction } from '../../../support/an-action.ts'

describe('ScannedCode', () => {
  const python = (code: string) => anAction({ exec: { kind: 'python:3', code, binary: false } })

  it('gives the digest of the code as it is stored, and its imports', () => {
    const code = 'import größe'
    expect(new ScannedCode().of(python(code), 'python')).to.deep.equal({
      codeDigest: createHash('sha256').update(code).digest('hex'),
      modules: ['größe'],
      provides: new Set(),
    })
  })

  it('remembers code by its action and by its digest', () => {
    const scanned = new ScannedCode()
    const action = python('import numpy')
    const first = scanned.of(action, 'python')
    expect(scanned.of(action, 'python')).to.equal(first)
    expect(scanned.of(python('import numpy'), 'python')).to.equal(first)
  })

  it('reads equal text of another language anew', () => {
    const scanned = new ScannedCode()
    const text = "import 'numpy'"
    expect(scanned.of(python(text), 'python').modules).to.deep.equal([])
    expect(scanned.of(python(text), 'nodejs').modules).to.deep.equal(['numpy'])
  })
})
