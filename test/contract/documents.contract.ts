import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import type { Json } from '../../invoker/domain/json.ts'
import { isFault } from '../../invoker/faults/fault.ts'
import type { DesignDocument, DocumentStore, ViewQuery } from '../../invoker/ports/documents.ts'
import { faultOf } from '../support/fault-of.ts'

/** A store under test, empty, and how to end it. */
export interface StoreUnderTest {
  readonly store: DocumentStore
  close(): Promise<void>
}

const design: DesignDocument = {
  name: 'contract.v1',
  views: {
    byPlace: {
      map: `function (doc) { if (doc.place) emit([doc.place, doc.at], { _id: doc.linked, at: doc.at }); }`,
      reduce: '_count',
    },
    byAt: { map: 'function (doc) { if (doc.at !== undefined) emit(doc.at, null); }' },
  },
}

/** What every DocumentStore does (ports/documents.ts). `make` gives an empty one. */
export function documentsContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a DocumentStore`, function () {
    this.timeout(120_000)
    let made: StoreUnderTest
    let store: DocumentStore

    before(async () => {
      made = await make()
      store = made.store
    })

    after(() => made.close())

    describeDocuments(() => store)
    describeAttachments(() => store)
    describeViews(() => store)
  })
}

function describeDocuments(store: () => DocumentStore): void {
  it('makes its database, and leaves one that is there as it is', async () => {
    await store().ensureDatabase()
    await store().put({ _id: 'guest/before' })
    await store().ensureDatabase()
    expect(await store().get('guest/before')).to.include({ _id: 'guest/before' })
  })

  it('gives undefined for a document that is not there', async () => {
    expect(await store().get('guest/nobody')).to.equal(undefined)
  })

  it('gives back what was put, with its revision', async () => {
    const revision = await store().put({ _id: 'guest/one', deep: { list: [1, null, 'x', { a: true }] } })
    expect(await store().get('guest/one')).to.deep.equal({
      _id: 'guest/one',
      _rev: revision,
      deep: { list: [1, null, 'x', { a: true }] },
    })
  })

  for (const id of ['guest/with space', 'guest/a@b & c.d-e', "guest/it's (ok)!*~", 'guest/pkg/Größe ½ 名', 'a+b%2Fc']) {
    it(`keeps the document ${id} apart from others`, async () => {
      const revision = await store().put({ _id: id, is: id })
      expect(await store().get(id)).to.deep.equal({ _id: id, _rev: revision, is: id })
      await store().remove(id, revision)
      expect(await store().get(id)).to.equal(undefined)
    })
  }

  it('updates with the current revision and refuses an old one', async () => {
    const first = await store().put({ _id: 'guest/two', n: 1 })
    const second = await store().put({ _id: 'guest/two', _rev: first, n: 2 })
    expect(second).to.match(/^2-/)
    const fault = await faultOf(store().put({ _id: 'guest/two', _rev: first, n: 3 }))
    expect([fault.code, fault.isRetryable]).to.deep.equal(['DOCUMENT_CONFLICT', false])
    expect((await store().get('guest/two'))?.n).to.equal(2)
  })

  it('refuses to create what is there, and to update what is not', async () => {
    await store().put({ _id: 'guest/three' })
    expect((await faultOf(store().put({ _id: 'guest/three' }))).code).to.equal('DOCUMENT_CONFLICT')
    const update = store().put({ _id: 'guest/never', _rev: '1-0123456789abcdef0123456789abcdef' })
    expect((await faultOf(update)).code).to.equal('DOCUMENT_CONFLICT')
  })

  it('lets one of many writers win', async () => {
    const revision = await store().put({ _id: 'guest/raced', n: 0 })
    const writes = [1, 2, 3, 4, 5].map((n) => store().put({ _id: 'guest/raced', _rev: revision, n }))
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.lengthOf(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(isFault(outcome.reason, 'DOCUMENT_CONFLICT')).to.equal(true)
    }
  })

  it('removes with the current revision only, and creates anew after it', async () => {
    const revision = await store().put({ _id: 'guest/four' })
    const wrong = store().remove('guest/four', '1-0123456789abcdef0123456789abcdef')
    expect((await faultOf(wrong)).code).to.equal('DOCUMENT_CONFLICT')
    await store().remove('guest/four', revision)
    expect((await faultOf(store().remove('guest/four', revision))).code).to.equal('DOCUMENT_CONFLICT')
    expect((await faultOf(store().remove('guest/ghost', revision))).code).to.equal('DOCUMENT_CONFLICT')
    expect(await store().put({ _id: 'guest/four', again: true })).to.be.a('string')
  })

  it('tells conflicts of a bulk write per document', async () => {
    await store().put({ _id: 'bulk/1' })
    const results = await store().bulk([{ _id: 'bulk/0' }, { _id: 'bulk/1' }, { _id: 'bulk/2' }])
    expect(results.map((result) => [result.id, 'conflict' in result])).to.deep.equal([
      ['bulk/0', false],
      ['bulk/1', true],
      ['bulk/2', false],
    ])
    expect((await store().get('bulk/2'))?._rev).to.equal(
      'rev' in (results[2] ?? {}) ? Reflect.get(results[2] ?? {}, 'rev') : '',
    )
  })

  it('writes 500 documents at once', async () => {
    const documents = Array.from({ length: 500 }, (_, n) => ({ _id: `many/${n}`, n }))
    expect(await store().bulk(documents)).to.have.lengthOf(500)
    expect((await store().get('many/499'))?.n).to.equal(499)
  })

  it('removes through a bulk write', async () => {
    const revision = await store().put({ _id: 'bulk/gone' })
    await store().bulk([{ _id: 'bulk/gone', _rev: revision, _deleted: true }])
    expect(await store().get('bulk/gone')).to.equal(undefined)
  })

  it('gives up a read whose caller has given up', async () => {
    const reason = await store()
      .get('guest/one', AbortSignal.abort(new Error('enough')))
      .catch((error: unknown) => error)
    expect(String(reason)).to.contain('enough')
  })
}

function describeAttachments(store: () => DocumentStore): void {
  const text = { name: '6d2b3d7c-5f55', contentType: 'text/plain; charset=UTF-8', data: Buffer.from('größer') }

  it('keeps an attachment and names it in the document', async () => {
    const revision = await store().put({ _id: 'att/one', n: 1 })
    const attached = await store().attach('att/one', revision, text)
    expect(attached).to.match(/^2-/)
    expect((await store().attachment('att/one', text.name))?.toString()).to.equal('größer')
    const document = await store().get('att/one')
    expect(document).to.include({ _rev: attached, n: 1 })
    expect(document?._attachments).to.have.nested.property(`${text.name}.content_type`, text.contentType)
    expect(document?._attachments).to.have.nested.property(`${text.name}.length`, 8)
    expect(document?._attachments).to.have.nested.property(`${text.name}.stub`, true)
  })

  it('gives undefined for an attachment, or a document, that is not there', async () => {
    expect(await store().attachment('att/one', 'other')).to.equal(undefined)
    expect(await store().attachment('att/none', 'other')).to.equal(undefined)
  })

  it('refuses to attach to an old revision', async () => {
    const revision = await store().put({ _id: 'att/two' })
    await store().put({ _id: 'att/two', _rev: revision })
    expect((await faultOf(store().attach('att/two', revision, text))).code).to.equal('DOCUMENT_CONFLICT')
  })

  it('keeps on update what the document has stubs of, and drops the rest', async () => {
    const first = await store().put({ _id: 'att/three' })
    const attached = await store().attach('att/three', first, text)
    const document = await store().get('att/three')
    const kept = await store().put({
      _id: 'att/three',
      _rev: attached,
      n: 3,
      _attachments: document?._attachments as Json,
    })
    expect((await store().attachment('att/three', text.name))?.toString()).to.equal('größer')
    await store().put({ _id: 'att/three', _rev: kept, n: 4 })
    expect(await store().attachment('att/three', text.name)).to.equal(undefined)
    expect(await store().get('att/three')).to.not.have.property('_attachments')
  })

  it('replaces an attachment', async () => {
    const first = await store().put({ _id: 'att/four' })
    const second = await store().attach('att/four', first, text)
    await store().attach('att/four', second, { ...text, data: Buffer.from('smaller') })
    expect((await store().attachment('att/four', text.name))?.toString()).to.equal('smaller')
  })

  it('keeps 48 MB', async () => {
    const data = randomBytes(48 * 1024 * 1024)
    const revision = await store().put({ _id: 'att/big' })
    await store().attach('att/big', revision, { name: 'big', contentType: 'application/octet-stream', data })
    const back = (await store().attachment('att/big', 'big')) ?? Buffer.alloc(0)
    expect(back.length).to.equal(data.length)
    expect(createHash('sha256').update(back).digest('hex')).to.equal(createHash('sha256').update(data).digest('hex'))
  })
}

function describeViews(store: () => DocumentStore): void {
  const ids = async (query: ViewQuery): Promise<unknown[]> =>
    (await store().view(design.name, 'byPlace', query)).map(({ id }) => id)

  before(async () => {
    await store().ensureDesign(design)
    const places = ['paris', 'paris/sub', 'rome']
    const documents = places.flatMap((place) =>
      [1, 2, 3].map((at) => ({ _id: `${place}-${at}`, place, at, linked: `limits-of-${at}` })),
    )
    await store().bulk([...documents, { _id: 'limits-of-2', most: 7 }])
  })

  it('gives rows in the order of their keys', async () => {
    const rows = await store().view(design.name, 'byPlace', { startKey: ['paris', 2], endKey: ['paris', 3] })
    expect(rows).to.deep.equal([
      { id: 'paris-2', key: ['paris', 2], value: { _id: 'limits-of-2', at: 2 } },
      { id: 'paris-3', key: ['paris', 3], value: { _id: 'limits-of-3', at: 3 } },
    ])
  })

  it('keeps to a range in descending order, with skip and limit', async () => {
    const range = { startKey: ['paris', '\ufff0', '\ufff0'], endKey: ['paris', 0], descending: true }
    expect(await ids(range)).to.deep.equal(['paris-3', 'paris-2', 'paris-1'])
    expect(await ids({ ...range, limit: 1 })).to.deep.equal(['paris-3'])
    expect(await ids({ ...range, skip: 1 })).to.deep.equal(['paris-2', 'paris-1'])
    expect(await ids({ ...range, skip: 1, limit: 1 })).to.deep.equal(['paris-2'])
    expect(await ids({ ...range, skip: 9 })).to.deep.equal([])
  })

  it('finds one key, or several', async () => {
    expect(await ids({ key: ['rome', 2] })).to.deep.equal(['rome-2'])
    expect(
      await ids({
        keys: [
          ['rome', 3],
          ['nowhere', 1],
          ['paris', 1],
        ],
      }),
    ).to.deep.equal(['rome-3', 'paris-1'])
  })

  it('counts a range, and nothing', async () => {
    const count = { startKey: ['paris', 0], endKey: ['paris', '\ufff0', '\ufff0'], reduce: true }
    const [row] = await store().view(design.name, 'byPlace', count)
    expect(row?.value).to.equal(3)
    const none = await store().view(design.name, 'byPlace', { ...count, startKey: ['x'], endKey: ['y'] })
    expect(none[0]?.value ?? 0).to.equal(0)
  })

  it('links the document that a value names, null where it is missing', async () => {
    const rows = await store().view(design.name, 'byPlace', {
      startKey: ['rome', 1],
      endKey: ['rome', 2],
      includeDocs: true,
    })
    expect(rows.map(({ doc }) => (doc ? [doc._id, doc.most] : doc))).to.deep.equal([null, ['limits-of-2', 7]])
  })

  it('links the document itself where no value names another', async () => {
    const rows = await store().view(design.name, 'byAt', { key: 3, includeDocs: true, limit: 1 })
    expect(rows[0]?.doc).to.include({ _id: 'paris-3', place: 'paris' })
  })

  it('answers a stale question without fault', async () => {
    expect(await store().view(design.name, 'byPlace', { stale: true, limit: 1 })).to.have.lengthOf(1)
  })

  it('faults VIEW_MISSING where design or view is not there', async () => {
    expect((await faultOf(store().view('nowhere', 'byPlace', {}))).code).to.equal('VIEW_MISSING')
    expect((await faultOf(store().view(design.name, 'nothing', {}))).code).to.equal('VIEW_MISSING')
  })

  it("keeps a deployment's own design document", async () => {
    await store().ensureDesign({ name: design.name, views: { other: { map: 'function (doc) { emit(1); }' } } })
    expect(await ids({ key: ['rome', 1] })).to.deep.equal(['rome-1'])
    expect((await faultOf(store().view(design.name, 'other', {}))).code).to.equal('VIEW_MISSING')
  })

  it('shows a change at once', async () => {
    const document = await store().get('rome-1')
    await store().remove('rome-1', document?._rev ?? '')
    expect(await ids({ key: ['rome', 1] })).to.deep.equal([])
  })
}
