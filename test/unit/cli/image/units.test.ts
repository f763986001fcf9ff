import { expect } from 'chai'
import { aligned, table } from '../../../../deploy/cli/image/table.ts'
import { ago, duration, megabytes, someOf } from '../../../../deploy/cli/image/units.ts'

describe('units for people', () => {
  it('are rounded to what can be told apart', () => {
    expect([0, 1_600_000, 512 * 1024 * 1024].map(megabytes)).to.deep.equal(['0.0 MB', '1.5 MB', '512 MB'])
    expect([0.5, 612.4, 2345, 240_000, 7_200_000].map(duration)).to.deep.equal([
      '0.5 ms',
      '612 ms',
      '2.3 s',
      '4 min',
      '2 h',
    ])
    expect([ago(1000, 1000), ago(5000, 1000), ago(0, 5000)]).to.deep.equal(['just now', 'just now', '5.0 s ago'])
  })

  it('name as many as fit', () => {
    const names = ['numpy==1.24.2', 'pandas==1.5.3', 'scikit-learn==1.2.1']
    expect(someOf(names, { width: 60 })).to.equal(names.join(' '))
    expect(someOf(names, { width: 60, unshown: 7 })).to.equal(`${names.join(' ')} and 7 more`)
    expect(someOf(names, { width: 40 })).to.equal('numpy==1.24.2 pandas==1.5.3 and 1 more')
    expect(someOf(names, { width: 5, unshown: 7 })).to.equal('numpy==1.24.2 and 9 more')
    expect(someOf([], { width: 5 })).to.equal('')
  })
})

describe('table()', () => {
  it('aligns columns, some at the right, and leaves no blanks at the end', () => {
    expect(
      table(
        ['NAME', 'COUNT>', 'WHY'],
        [
          ['a', '7', ''],
          ['longer', '12345678', 'b'],
        ],
      ),
    ).to.equal('NAME       COUNT  WHY\na              7\nlonger  12345678  b')
  })

  it('does without titles, and without rows', () => {
    expect(
      aligned([
        ['a', 'b'],
        ['long', 'c'],
      ]),
    ).to.equal('a     b\nlong  c')
    expect(table(['A', 'B'], [])).to.equal('A  B')
    expect(aligned([])).to.equal('')
  })
})
