import { expect } from 'chai'
import { readExec } from '../../../deploy/standalone/exec-put.ts'
import type { Json } from '../../../invoker/domain/json.ts'
import { recordedManifest } from '../../support/rest-server.ts'

const manifest = recordedManifest()
const read = (exec: Json): ReturnType<typeof readExec> => readExec(exec, manifest)

describe('readExec()', () => {
  it('makes the kind concrete, whatever its case, and finds out what is binary', () => {
    expect(read({ kind: ' NodeJS:default ', code: 'x', binary: true })).to.deep.equal({
      exec: { kind: 'nodejs:20', binary: false },
      code: 'x',
    })
    expect(read({ kind: 'python:3.11', code: 'UEsFBg==', main: 'run' })).to.deep.equal({
      exec: { kind: 'python:3.11', binary: true, main: 'run' },
      code: 'UEsFBg==',
    })
  })

  it('takes base64 with a mistake in it for text', () => {
    expect(read({ kind: 'nodejs:20', code: 'UEsFB***' })?.exec.binary).to.equal(false)
    expect(read({ kind: 'nodejs:20', code: 'UEsFBg=' })?.exec.binary).to.equal(false)
  })

  it('needs an image for a blackbox, and drops blank code', () => {
    expect(read({ kind: 'blackbox', image: 'me/img', code: ' ' })).to.deep.equal({
      exec: { kind: 'blackbox', image: 'me/img', binary: false },
    })
    expect(() => read({ kind: 'blackbox' })).to.throw(
      "'image' must be a string defined in 'exec' for 'blackbox' actions",
    )
  })

  it('names every known kind when it does not know one', () => {
    expect(() => read({ kind: 'cobol:1', code: 'x' })).to.throw(
      /'cobol:1' is not supported by this platform\. Valid values are: 'nodejs:18', .*'blackbox', 'sequence'\.$/,
    )
  })

  it('is absent where it is null', () => {
    expect(read(null)).to.equal(undefined)
  })

  const wrong: readonly (readonly [exec: Json, text: string])[] = [
    ['x', 'JSON object expected'],
    [{ code: 'x' }, "'kind' must be a string defined in 'exec'"],
    [{ kind: 'nodejs:20' }, "'code' must be a string or attachment object defined in 'exec' for 'nodejs:20' actions"],
    [{ kind: 'nodejs:20', code: null }, 'Could not deserialize as attachment record: null'],
    [{ kind: 'nodejs:20', code: { a: 1 } }, 'Could not deserialize as attachment record: {"a":1}'],
    [{ kind: 'nodejs:20', code: 'x', main: 1 }, "if defined, 'main' be a string in 'exec' for 'nodejs:20' actions"],
    [{ kind: 'java:8', code: 'x' }, "'main' must be a string defined in 'exec' for 'java:8' actions"],
  ]
  for (const [exec, text] of wrong) {
    it(`refuses ${JSON.stringify(exec)}`, () => {
      expect(() => read(exec)).to.throw(`The request content was malformed:\n${text}`)
    })
  }
})
