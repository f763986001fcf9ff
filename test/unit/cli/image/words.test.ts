import { expect } from 'chai'
import type { Given } from '../../../../deploy/cli/command.ts'
import { readOrder } from '../../../../deploy/cli/image/words.ts'

const given = (line: string, options: Given['options'] = {}): Given => ({
  words: line.split(' ').filter((word) => word !== ''),
  options,
})

describe('readOrder()', () => {
  it('reads what there is to do', () => {
    expect(readOrder(given('list'))).to.deep.equal({ verb: 'list' })
    expect(readOrder(given('advise', { json: true }))).to.deep.equal({ verb: 'advise' })
    expect(readOrder(given('show 3F9a'))).to.deep.equal({ verb: 'show', id: '3f9a' })
    expect(readOrder(given('remove sha256:3f9a'))).to.deep.equal({ verb: 'remove', id: '3f9a' })
  })

  it('reads what to build: packages, modules, or the runtime alone', () => {
    const request = (line: string, options: Given['options']) => {
      const order = readOrder(given(line, options))
      return order.verb === 'build' ? order.request : undefined
    }
    const kind = 'python:3'
    expect(request('build numpy pandas', { kind })).to.deep.equal({ kind, packages: ['numpy', 'pandas'] })
    expect(request('build sklearn.svm', { kind, modules: true })).to.deep.equal({ kind, modules: ['sklearn.svm'] })
    expect(request('build numpy', { kind, namespace: 'guest' })).to.deep.equal({
      kind,
      packages: ['numpy'],
      namespace: 'guest',
    })
    expect(request('build', { kind })).to.deep.equal({ kind })
  })

  const wrong: readonly (readonly [line: string, options: Given['options'], says: string])[] = [
    ['', {}, 'what it can do is list, show, build, remove, advise'],
    ['lst', {}, 'did you mean "list"?'],
    ['list numpy', {}, '"image list" takes options only'],
    ['show', {}, 'Cannot show nothing: name one id'],
    ['remove a b', {}, 'Cannot remove several images: name one id'],
    ['show numpy', {}, 'up to 64 hexadecimal digits, "image list" shows them'],
    ['build numpy', {}, '"image build --kind python:3 numpy pandas"'],
    ['build', { kind: 'python:3', modules: true }, 'Cannot build of no modules'],
    ['list', { kind: 'python:3' }, 'Cannot list with "--kind": it belongs to "image build"'],
  ]
  for (const [line, options, says] of wrong) {
    it(`refuses "image ${line}" and says what would be right`, () => {
      expect(() => readOrder(given(line, options)))
        .to.throw(says)
        .with.property('name', 'UsageError')
    })
  }
})
