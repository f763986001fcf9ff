import { expect } from 'chai'
import type { DocumentStore } from '../../../invoker/ports/documents.ts'
import { newAuthKey, parseAuthKey } from '../../../invoker/store/subject-rules.ts'
import { SubjectStore } from '../../../invoker/store/subjects.ts'
import { countingStore } from '../../support/counting-store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { faultOf } from '../../support/fault-of.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'

const guest = '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP'

describe('SubjectStore', () => {
  let directory: PouchDirectory
  let documents: DocumentStore
  let subjects: SubjectStore
  const clock = new FakeClock()

  beforeEach(async () => {
    directory = await pouchDirectory()
    documents = directory.databases.subjects
    subjects = new SubjectStore({ subjects: documents, clock })
  })

  afterEach(() => directory.stop())

  it('writes a subject as wskadmin does, and finds it by key and by namespace', async () => {
    const auth = parseAuthKey(guest)
    await subjects.create({ subject: 'guest', auth })
    const document = await documents.get('guest')
    expect(document).to.deep.equal({
      _id: 'guest',
      _rev: document?._rev,
      subject: 'guest',
      namespaces: [{ name: 'guest', ...auth }],
      blocked: false,
    })
    const identity = {
      subject: 'guest',
      namespace: { name: 'guest', uuid: auth.uuid },
      authkey: { api_key: guest },
      rights: ['READ', 'PUT', 'DELETE', 'ACTIVATE'],
      limits: {},
    }
    expect(await subjects.byKey(auth.uuid, auth.key)).to.deep.equal(identity)
    expect(await subjects.byNamespace('guest')).to.deep.equal(identity)
    expect(await subjects.byKey(auth.uuid, auth.key.replace('1', '2'))).to.equal(undefined)
  })

  it('gives a subject more namespaces, with keys of their own', async () => {
    const first = await subjects.create({ subject: 'anyone' })
    const second = await subjects.create({ subject: 'anyone', namespace: 'team' })
    expect((await subjects.byKey(first.uuid, first.key))?.namespace.name).to.equal('anyone')
    expect((await subjects.byKey(second.uuid, second.key))?.namespace.name).to.equal('team')
    await subjects.create({ subject: 'someone', namespace: 'team' })
    expect((await subjects.list('team')).map(({ subject }) => subject)).to.deep.equal(['anyone', 'someone'])
    await subjects.delete({ subject: 'anyone', namespace: 'team' })
    expect(await subjects.byKey(second.uuid, second.key)).to.equal(undefined)
    await subjects.delete({ subject: 'anyone' })
    expect(await subjects.get('anyone')).to.equal(undefined)
  })

  it('links the limits of the namespace, not of the subject', async () => {
    const { uuid, key } = await subjects.create({ subject: 'anyone', namespace: 'team' })
    await subjects.setLimits('team', { concurrentInvocations: 3, allowedKinds: ['nodejs:20'] })
    await subjects.setLimits('team', { storeActivations: false })
    const limits = { concurrentInvocations: 3, allowedKinds: ['nodejs:20'], storeActivations: false }
    expect((await subjects.byKey(uuid, key))?.limits).to.deep.equal(limits)
    expect(await subjects.limits('team')).to.deep.equal(limits)
    await subjects.removeLimits('team')
    expect((await subjects.byKey(uuid, key))?.limits).to.deep.equal({})
  })

  it('takes wrong limits in a document for none, and leaves unknown members out', async () => {
    await documents.put({ _id: 'wrong/limits', invocationsPerMinute: 'many' })
    await documents.put({ _id: 'newer/limits', invocationsPerMinute: 5, somethingNew: true })
    expect(await subjects.limits('wrong')).to.deep.equal({})
    expect(await subjects.limits('newer')).to.deep.equal({ invocationsPerMinute: 5 })
  })

  it('refuses limits that are none', async () => {
    const fault = await faultOf(
      subjects.setLimits('team', { invocationsPerMinute: 1.5, colour: 'red', firesPerMinute: 1 }),
    )
    expect(fault.message).to.equal(
      'Cannot change the subject: invocationsPerMinute, colour: no such limit, or not its sort of value',
    )
  })

  it('knows no key of a blocked subject, until it is let in again', async () => {
    const { uuid, key } = await subjects.create({ subject: 'rogue' })
    await subjects.setBlocked('rogue', true)
    expect(await subjects.byKey(uuid, key)).to.equal(undefined)
    await subjects.setBlocked('rogue', false)
    expect((await subjects.byKey(uuid, key))?.subject).to.equal('rogue')
  })

  it('refuses the key of a subject that is too short, as OpenWhisk does', async () => {
    const auth = newAuthKey()
    await documents.put({ _id: 'abcd', subject: 'abcd', namespaces: [{ name: 'abcd', ...auth }] })
    expect(await subjects.byKey(auth.uuid, auth.key)).to.equal(undefined)
  })

  it('says what a person got wrong, and never a key', async () => {
    await subjects.create({ subject: 'anyone' })
    const wrongs: [() => Promise<unknown>, RegExp][] = [
      [() => subjects.create({ subject: 'anyone' }), /"anyone" has the namespace "anyone" already/],
      [() => subjects.create({ subject: 'abcd' }), /"abcd" must have at least 5 characters/],
      [() => subjects.create({ subject: 'anyone', namespace: 'größe' }), /"größe" is no name of a namespace/],
      [() => subjects.delete({ subject: 'nobody' }), /no subject "nobody"/],
      [() => subjects.delete({ subject: 'anyone', namespace: 'x' }), /"anyone" has no namespace "x"/],
      [() => subjects.setBlocked('nobody', true), /no subject "nobody"/],
    ]
    for (const [work, sentence] of wrongs) expect((await faultOf(work())).message).to.match(sentence)
    const key = 'x'.repeat(63)
    for (const text of ['', 'a', `${guest}:more`, `no-uuid:${key}y`, `23bc46b1-71f6-4ed5-8c54-816aa4f8c502:${key}`]) {
      expect(() => parseAuthKey(text))
        .to.throw(/Cannot change the subject/)
        .that.does.not.match(/x{10}/)
    }
  })

  it('makes keys of 64 letters and digits, each another', () => {
    const keys = Array.from({ length: 50 }, newAuthKey)
    for (const { uuid, key } of keys) expect(parseAuthKey(`${uuid}:${key}`)).to.deep.equal({ uuid, key })
    expect(new Set(keys.map(({ key }) => key)).size).to.equal(50)
    for (const { key } of keys) expect(key).to.match(/^[A-Za-z0-9]{64}$/)
  })

  it('remembers who a key belongs to for a while', async () => {
    const { store, calls } = countingStore(documents)
    const remembering = new SubjectStore({ subjects: store, clock, keepMs: 1000 })
    const { uuid, key } = await remembering.create({ subject: 'anyone' })
    for (let time = 0; time < 5; time += 1) await remembering.byKey(uuid, key)
    expect(calls.get('view')).to.equal(1)
    clock.pass(1001)
    await remembering.byKey(uuid, key)
    expect(calls.get('view')).to.equal(2)
  })
})
