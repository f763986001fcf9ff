import { expect } from 'chai'
import { flag, instant, nameFilter, page, waitMs } from '../../../deploy/standalone/query.ts'

const query = (text: string): URLSearchParams => new URLSearchParams(text)
const malformed = (name: string, detail: string): string => `The query parameter '${name}' was malformed:\n${detail}`

describe('flag()', () => {
  it("takes OpenWhisk's spellings in any case", () => {
    for (const yes of ['true', 'TRUE', 'yes', 'on', '1']) expect(flag(query(`x=${yes}`), 'x', false)).to.equal(true)
    for (const no of ['false', 'no', 'Off', '0']) expect(flag(query(`x=${no}`), 'x', true)).to.equal(false)
  })

  it('has a default where it is absent or empty, and takes the first of several', () => {
    expect(flag(query(''), 'x', true)).to.equal(true)
    expect(flag(query('x='), 'x', true)).to.equal(true)
    expect(flag(query('x=0&x=1'), 'x', true)).to.equal(false)
  })

  it('refuses everything else', () => {
    expect(() => flag(query('x=2'), 'x', false)).to.throw(malformed('x', "'2' is not a valid Boolean value"))
    expect(() => flag(query('x=constructor'), 'x', false)).to.throw('is not a valid Boolean value')
  })
})

describe('page()', () => {
  it('skips none and takes 30, or 200 for a limit of 0', () => {
    expect(page(query(''), 'actions')).to.deep.equal({ skip: 0, limit: 30 })
    expect(page(query('limit=0&skip=+7'.replace('+', '%2B')), 'actions')).to.deep.equal({ skip: 7, limit: 200 })
  })

  const wrong: readonly (readonly [string, string, string])[] = [
    ['limit=201', 'limit', "The value '201' is not in the range of 0 to 200 for rules."],
    ['limit=-1', 'limit', "The value '-1' is not in the range of 0 to 200 for rules."],
    ['limit=', 'limit', "The value '' is not an integer for rules."],
    ['limit=99999999999', 'limit', "The value '99999999999' is not an integer for rules."],
    ['skip=-1', 'skip', "The value '-1' is not greater than or equal to 0 for rules."],
    ['skip=1.5&limit=x', 'skip', "The value '1.5' is not an integer for rules."],
  ]
  for (const [text, name, detail] of wrong) {
    it(`refuses ${text}`, () => {
      expect(() => page(query(text), 'rules')).to.throw(malformed(name, detail))
    })
  }
})

describe('instant()', () => {
  it('reads whole milliseconds, also before the epoch', () => {
    expect(instant(query('since=-5'), 'since')).to.equal(-5)
    expect(instant(query(''), 'since')).to.equal(undefined)
  })

  it('refuses everything else', () => {
    for (const value of ['', 'abc', '1.5', '2020-01-01T00:00:00Z', '1e3']) {
      expect(() => instant(query(`since=${value}`), 'since')).to.throw(
        malformed('since', `Parameter is not a valid value for epoch seconds: ${value}`),
      )
    }
  })
})

describe('nameFilter()', () => {
  it('takes a name, and a package with a name', () => {
    expect(nameFilter(query('name=a'))).to.equal('a')
    expect(nameFilter(query('name=/p/a'))).to.equal('p/a')
    expect(nameFilter(query('name= '))).to.equal(undefined)
  })

  it('refuses more, and what is no name', () => {
    for (const name of ['a/b/c', 'bad !', '/']) {
      expect(() => nameFilter(query(`name=${name}`))).to.throw("'package-name/simple' name: ")
    }
  })
})

describe('waitMs()', () => {
  it('takes 1 up to the longest wait', () => {
    expect(waitMs(query('timeout=1'), 60_000)).to.equal(1)
    expect(waitMs(query(''), 60_000)).to.equal(60_000)
    for (const value of ['', '0', '-1', '60001', 'x', '1.5']) {
      expect(() => waitMs(query(`timeout=${value}`), 60_000)).to.throw(
        malformed('timeout', 'Timeout must be number of milliseconds up to 60000.'),
      )
    }
  })
})
