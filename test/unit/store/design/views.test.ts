import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import type { DesignDocument } from '../../../../invoker/ports/documents.ts'
import {
  activationsByDate,
  activationsDesign,
  activationsFilterDesign,
  logCleanup,
} from '../../../../invoker/store/design/activations.ts'
import { namespaceThrottlings, subjectsDesign } from '../../../../invoker/store/design/subjects.ts'
import { whisksDesign } from '../../../../invoker/store/design/whisks.ts'

/** Rows that a view emits for a document, as `[key, value]`. */
function rows(design: DesignDocument, view: string, document: object): unknown[] {
  const emitted: unknown[] = []
  const emit = (key: unknown, value: unknown): number => emitted.push([key, value])
  runInNewContext(`(${design.views[view]?.map})(document)`, { emit, document: structuredClone(document) })
  // What a map function made belongs to another context, where arrays are of another class.
  return JSON.parse(JSON.stringify(emitted))
}

const entity = { namespace: 'guest', name: 'x', version: '0.0.1', publish: false, annotations: [], updated: 5 }
const whisks = whisksDesign('w')

describe('views of whisks', () => {
  const action = {
    ...entity,
    entityType: 'action',
    exec: { kind: 'a', binary: true },
    limits: { memory: 1 },
    parameters: [],
  }
  const { name, version, publish, annotations, updated } = entity

  it('lists an action of a package under the package and the namespace', () => {
    const value = {
      namespace: 'guest/pkg',
      name,
      version,
      publish,
      annotations,
      limits: { memory: 1 },
      exec: { binary: true },
      updated,
    }
    expect(rows(whisks, 'actions', { ...action, namespace: 'guest/pkg' })).to.deep.equal([
      [['guest/pkg', 5], value],
      [['guest', 5], value],
    ])
    expect(rows(whisks, 'actions', action)).to.have.lengthOf(1)
  })

  it('tells old documents by their shape', () => {
    const { entityType, ...old } = action
    expect(rows(whisks, 'actions', old)).to.have.lengthOf(1)
    expect(rows(whisks, 'packages', { ...entity, binding: {} })).to.have.lengthOf(1)
    expect(rows(whisks, 'rules', { ...entity, trigger: {}, action: {} })).to.deep.equal([[['guest', 5], 1]])
    expect(rows(whisks, 'triggers', { ...entity, parameters: [] })).to.have.lengthOf(1)
    expect(rows(whisks, 'triggers', old)).to.deep.equal([])
  })

  it('emits an entity in its own view only, and survives any document', () => {
    const documents = {
      action,
      package: { ...entity, binding: {} },
      trigger: { ...entity, parameters: [] },
      rule: { ...entity, trigger: {} },
    }
    for (const [entityType, document] of Object.entries(documents)) {
      const views = ['actions', 'packages', 'triggers', 'rules'].filter(
        (view) => rows(whisks, view, { ...document, entityType }).length > 0,
      )
      expect(views).to.deep.equal([`${entityType}s`])
    }
    for (const view of Object.keys(whisks.views)) {
      for (const odd of [
        {},
        { entityType: 'action' },
        { exec: null },
        { binding: null },
        { trigger: null },
        { parameters: null },
      ]) {
        expect(rows(whisks, view, odd)).to.deep.equal([])
      }
    }
  })

  it('says of a package whether it is a binding, and shows only packages of one’s own making to others', () => {
    const package_ = { ...entity, entityType: 'package', binding: {}, publish: true }
    const binding = { ...package_, binding: { namespace: 'whisk.system', name: 'utils' } }
    expect(rows(whisks, 'packages', package_)).to.have.nested.property('[0][1].binding', false)
    expect(rows(whisks, 'packages', binding))
      .to.have.nested.property('[0][1].binding')
      .that.deep.equals(binding.binding)
    expect(rows(whisks, 'packages-public', package_)).to.have.lengthOf(1)
    expect(rows(whisks, 'packages-public', { ...package_, publish: false })).to.deep.equal([])
    expect(rows(whisks, 'packages-public', binding)).to.deep.equal([])
  })
})

describe('views of subjects', () => {
  it('has a row for each namespace and each key, with the limits linked', () => {
    const value = { _id: 'team/limits', namespace: 'team', uuid: 'u', key: 'k' }
    const subject = { _id: 'guest', subject: 'guest', namespaces: [{ name: 'team', uuid: 'u', key: 'k' }] }
    expect(rows(subjectsDesign('s'), 'identities', subject)).to.deep.equal([
      [['team'], value],
      [['u', 'k'], value],
    ])
    expect(rows(subjectsDesign('s'), 'identities', { ...subject, blocked: true })).to.deep.equal([])
    expect(rows(subjectsDesign('s'), 'identities', { _id: 'team/limits' })).to.deep.equal([])
  })

  it('blocks by a limit of 0 of two sorts, and by the subject', () => {
    const blocked = (document: object): unknown[] => rows(namespaceThrottlings, 'blockedNamespaces', document)
    expect(blocked({ _id: 'a/limits', invocationsPerMinute: 0 })).to.deep.equal([['a', 1]])
    expect(blocked({ _id: 'a/limits', concurrentInvocations: 0 })).to.deep.equal([['a', 1]])
    expect(blocked({ _id: 'a/limits', firesPerMinute: 0 })).to.deep.equal([])
    expect(blocked({ _id: 's', blocked: true, namespaces: [{ name: 'a' }, { name: 'b' }] })).to.deep.equal([
      ['a', 1],
      ['b', 1],
    ])
    expect(blocked({ _id: 's', blocked: false, namespaces: [{ name: 'a' }] })).to.deep.equal([])
  })
})

describe('views of activations', () => {
  const record = {
    ...entity,
    _id: 'guest/1',
    _rev: '1-a',
    activationId: '1',
    start: 10,
    end: 17,
    duration: 3,
    response: { statusCode: 2 },
  }
  const { updated, ...named } = entity

  it('summarises by the clock', () => {
    const value = { ...named, activationId: '1', start: 10, end: 17, duration: 7, statusCode: 2 }
    expect(rows(activationsDesign('a'), 'activations', record)).to.deep.equal([[['guest', 10], value]])
    const trigger = { ...record, end: 0, cause: 'c' }
    const open = { ...named, activationId: '1', start: 10, cause: 'c' }
    expect(rows(activationsDesign('a'), 'activations', trigger)).to.deep.equal([[['guest', 10], open]])
    expect(rows(activationsDesign('a'), 'activations', { ...record, entityType: 'action' })).to.deep.equal([])
  })

  it('filters by name, by package, and before that by binding', () => {
    const keyOf = (annotations: object[]): unknown =>
      (rows(activationsFilterDesign('f'), 'activations', { ...record, annotations })[0] as [[string]])[0][0]
    const [path, binding] = [
      { key: 'path', value: 'other/pkg/x' },
      { key: 'binding', value: 'guest/bound' },
    ]
    expect(keyOf([])).to.equal('guest/x')
    expect(keyOf([{ key: 'path', value: 'guest/x' }])).to.equal('guest/x')
    expect(keyOf([path])).to.equal('guest/pkg/x')
    expect(keyOf([path, binding])).to.equal('guest/bound/x')
    expect(keyOf([binding, path])).to.equal('guest/bound/x')
  })

  it('sorts by age for who cleans up', () => {
    expect(rows(activationsByDate, 'byDate', record)).to.deep.equal([[10, ['guest/1', '1-a']]])
    expect(rows(logCleanup, 'byDateWithLogs', { ...record, logs: ['x'] })).to.deep.equal([[10, 'guest/1']])
    expect(rows(logCleanup, 'byDateWithLogs', { ...record, logs: [] })).to.deep.equal([])
    const sequence = { ...record, logs: ['x'], annotations: [{ key: 'kind', value: 'sequence' }] }
    expect(rows(logCleanup, 'byDateWithLogs', sequence)).to.deep.equal([])
  })
})
