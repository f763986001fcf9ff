import { expect } from 'chai'
import { readBuildRequest } from '../../../../invoker/adapters/admin/build-request.ts'

describe('readBuildRequest()', () => {
  it('takes a kind with packages, with modules, or alone', () => {
    for (const request of [
      { kind: 'python:3' },
      { kind: 'python:3', packages: ['scikit-learn', 'Pillow', 'zope.interface'] },
      { kind: 'nodejs:20', packages: ['@babel/core', 'lodash.get'] },
      { kind: 'python:3.11', modules: ['sklearn.linear_model', '_private'] },
      { kind: 'python:3', packages: ['numpy'], namespace: 'guest@example.org' },
      { kind: 'nodejs:20', modules: ['@babel/core', 'lodash/fp'] },
    ]) {
      expect(readBuildRequest(request)).to.deep.equal(request)
    }
  })

  const wrong: readonly (readonly [what: string, json: unknown, problem: string])[] = [
    ['nothing', undefined, 'request: is missing'],
    ['no object', 7, 'request: is 7, expected an object'],
    ['no kind', {}, 'kind: is missing'],
    ['a kind that is no name', { kind: '../x' }, 'kind: is "../x", which is no name'],
    ['packages that are no list', { kind: 'python:3', packages: 'numpy' }, 'packages: is "numpy", expected an array'],
    ['a package that is no text', { kind: 'python:3', packages: ['numpy', 7] }, 'packages[1]: is 7, expected a text'],
    ['a package with an option in it', { kind: 'python:3', packages: ['--upgrade'] }, 'packages[0]: is "--upgrade"'],
    ['a path', { kind: 'nodejs:20', modules: ['a/../../x'] }, 'modules[0]: is "a/../../x", which is no name'],
    ['too many', { kind: 'python:3', packages: Array(201).fill('numpy') }, 'packages: are 201, at most 200'],
    ['both', { kind: 'python:3', packages: ['a'], modules: ['a'] }, 'name either packages or modules, not both'],
    ['a namespace that is no name', { kind: 'python:3', namespace: 'a/b' }, 'namespace: is "a/b", which is no name'],
    [
      'unknown members',
      { kind: 'python:3', package: ['a'] },
      'package: is unknown, expected kind, packages, modules, namespace',
    ],
  ]
  for (const [what, json, problem] of wrong) {
    it(`refuses ${what}`, () => {
      expect(readBuildRequest(json)).to.have.property('problems').that.contains(problem)
    })
  }

  it('tells every problem at once', () => {
    expect(readBuildRequest({ kind: 7, packages: [''] })).to.deep.equal({
      problems: 'kind: is 7, expected a text\npackages[0]: is "", expected a text',
    })
  })
})
