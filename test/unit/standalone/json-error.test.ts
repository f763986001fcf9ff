import { expect } from 'chai'
import fc from 'fast-check'
import { explainJsonError } from '../../../deploy/standalone/json-error.ts'

describe('explainJsonError()', () => {
  it('points at the end of what stops too early', () => {
    expect(explainJsonError('{"exec":')).to.equal(
      'Unexpected end-of-input at input index 8 (line 1, position 9), expected JSON Value:\n{"exec":\n        ^\n',
    )
    expect(explainJsonError('')).to.equal(
      'Unexpected end-of-input at input index 0 (line 1, position 1), expected JSON Value:\n\n^\n',
    )
  })

  it('names the character, the line and what was expected', () => {
    expect(explainJsonError('{\n "a" 1}')).to.equal(
      `Unexpected character '1' at input index 7 (line 2, position 6), expected ':':\n "a" 1}\n     ^\n`,
    )
  })

  it('points at what follows a whole value, and expects nothing there', () => {
    expect(explainJsonError('{"a":1}x')).to.equal(
      `Unexpected character 'x' at input index 7 (line 1, position 8):\n{"a":1}x\n       ^\n`,
    )
  })

  const wrong: readonly (readonly [text: string, found: string, expected: string])[] = [
    ['{', 'end-of-input at input index 1', `'"'`],
    ['{a:1}', `character 'a' at input index 1`, `'"'`],
    ['[1,]', `character ']' at input index 3`, 'JSON Value'],
    ['[1', 'end-of-input at input index 2', `']'`],
    ['{"a":1', 'end-of-input at input index 6', `'}'`],
    ['{"a":1,}', `character '}' at input index 7`, `'"'`],
    ['trux', `character 'x' at input index 0`, 'JSON Value'],
    ['-x', `character 'x' at input index 1`, 'DIGIT'],
    ['1.e', `character 'e' at input index 2`, 'DIGIT'],
    ['"a', 'end-of-input at input index 2', `'"'`],
    ['"\\x"', `character 'x' at input index 2`, 'JSON escape sequence'],
    ['"\\u12g4"', `character 'g' at input index 5`, 'hex digit'],
    ['"a\u0001"', "character '\\u0001' at input index 2", `'"'`],
  ]
  for (const [text, found, expected] of wrong) {
    it(`finds ${found} in ${JSON.stringify(text)}`, () => {
      const [summary] = explainJsonError(text).split('\n')
      expect(summary).to.match(/ \(line \d+, position \d+\), expected .*:$/)
      expect(summary).to.contain(`Unexpected ${found} `)
      expect(summary).to.contain(`expected ${expected}:`)
    })
  }

  it('has an answer for every text, and never finds an error where JSON.parse stops later', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string(), (json, at, insert) => {
        const place = at % (json.length + 1)
        const text = json.slice(0, place) + insert + json.slice(place)
        expect(explainJsonError(text)).to.match(/^Unexpected (end-of-input|character)/)
      }),
    )
  })
})
