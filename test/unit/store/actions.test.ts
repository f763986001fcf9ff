import { expect } from 'chai'
import type { DocumentStore } from '../../../invoker/ports/documents.ts'
import { ActionStore } from '../../../invoker/store/actions.ts'
import { aLog } from '../../support/a-log.ts'
import { anActionDocument } from '../../support/an-action.ts'
import { countingStore } from '../../support/counting-store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { faultOf } from '../../support/fault-of.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'
import { recordedManifest } from '../../support/rest-server.ts'

describe('Writing actions', () => {
  let directory: PouchDirectory
  let whisks: DocumentStore
  const clock = new FakeClock()

  const over = (store: DocumentStore): ActionStore =>
    new ActionStore({ whisks: store, manifest: recordedManifest(), clock, log: aLog() })

  before(async () => {
    directory = await pouchDirectory()
    whisks = directory.databases.whisks
  })

  after(() => directory.stop())

  it('writes small code into the document, in one step', async () => {
    const revision = await over(whisks).save(anActionDocument('small'), 'function main() {}')
    expect(revision).to.match(/^1-/)
    const document = await whisks.get('guest/small')
    expect(document).to.include({ entityType: 'action', namespace: 'guest' }).and.not.have.property('_attachments')
    expect(document).to.have.nested.property('exec.code.attachmentName').that.matches(/^mem:/)
  })

  it('attaches big code, so that the second revision is the usable one', async () => {
    const code = `// ${'x'.repeat(20_000)}`
    const revision = await over(whisks).save(anActionDocument('big'), code)
    expect(revision).to.match(/^2-/)
    const document = await whisks.get('guest/big')
    expect(document)
      .to.have.nested.property('exec.code.attachmentName')
      .that.matches(/^couch:[0-9a-f-]{36}$/)
    expect((await over(whisks).fetch('guest/big', revision))?.exec.code).to.equal(code)
  })

  it('keeps code that is not given, attached or not', async () => {
    const actions = over(whisks)
    for (const name of ['small', 'big']) {
      const stored = await actions.get(`guest/${name}`)
      if (stored === undefined) throw new Error(`no ${name}`)
      const before = await actions.code(stored)
      const revision = await actions.save({ ...stored, version: '0.0.2' }, undefined)
      expect(await actions.fetch(`guest/${name}`, revision)).to.include({ version: '0.0.2' })
      expect((await actions.fetch(`guest/${name}`, revision))?.exec.code).to.equal(before)
    }
  })

  it('drops the attachment of code that is replaced', async () => {
    const actions = over(whisks)
    const stored = await actions.get('guest/big')
    if (stored === undefined) throw new Error('no action')
    await actions.save(stored, 'short')
    expect(await whisks.get('guest/big')).to.not.have.property('_attachments')
  })

  it('keeps code of a kind without attachments as text', async () => {
    await over(whisks).save(
      anActionDocument('inline', { exec: { kind: 'unknown:1', binary: false } }),
      'x'.repeat(20_000),
    )
    expect(await whisks.get('guest/inline'))
      .to.have.nested.property('exec.code')
      .that.has.lengthOf(20_000)
  })

  it('removes a new action again when its code cannot be attached', async () => {
    const { store } = countingStore(whisks, { attach: () => Promise.reject(new Error('broken')) })
    const error = await over(store)
      .save(anActionDocument('half'), 'x'.repeat(20_000))
      .catch((reason: unknown) => reason)
    expect(String(error)).to.equal('Error: broken')
    expect(await whisks.get('guest/half')).to.equal(undefined)
  })

  it('refuses names that no document id may have', async () => {
    for (const name of ['größe', '名', 'a/b', ' a', 'a ', '-a', '', 'x'.repeat(257)]) {
      expect((await faultOf(over(whisks).save(anActionDocument(name), 'x'))).code).to.equal('NAME_WRONG')
    }
    for (const name of ['with space', 'a@b', 'a & b', 'a.b-c', 'x'.repeat(256)]) {
      expect(await over(whisks).save(anActionDocument(name), 'x')).to.match(/^1-/)
      expect((await over(whisks).fetch(`guest/${name}`, undefined))?.name).to.equal(name)
    }
  })

  it('lists a namespace with its packages, newest first', async () => {
    const actions = over(whisks)
    for (const [namespace, updated] of [
      ['lister', 1],
      ['lister/pkg', 3],
      ['lister', 2],
    ] as const) {
      await actions.save({ ...anActionDocument(`a${updated}`), namespace, updated }, 'x')
    }
    const names = async (query: Parameters<ActionStore['list']>[0]): Promise<unknown[]> =>
      (await actions.list(query)).map(({ name }) => name)
    expect(await names({ path: 'lister' })).to.deep.equal(['a3', 'a2', 'a1'])
    expect(await names({ path: 'lister', skip: 1, limit: 1 })).to.deep.equal(['a2'])
    expect(await names({ path: 'lister/pkg' })).to.deep.equal(['a3'])
    expect(await actions.count({ path: 'lister', skip: 1 })).to.equal(2)
    expect(await actions.count({ path: 'lister', skip: 9 })).to.equal(0)
  })
})
