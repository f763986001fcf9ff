import { expect } from 'chai'
import type { DocumentStore } from '../../../invoker/ports/documents.ts'
import { ActionStore, type ActionStoreOptions } from '../../../invoker/store/actions.ts'
import { aLog } from '../../support/a-log.ts'
import { anActionDocument } from '../../support/an-action.ts'
import { countingStore } from '../../support/counting-store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { FakeMeter } from '../../support/fake-meter.ts'
import { faultOf } from '../../support/fault-of.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'
import { recordedManifest } from '../../support/rest-server.ts'

describe('Keeping actions', () => {
  let directory: PouchDirectory
  let whisks: DocumentStore
  const clock = new FakeClock()

  const over = (store: DocumentStore, more: Partial<ActionStoreOptions> = {}): ActionStore =>
    new ActionStore({ whisks: store, manifest: recordedManifest(), clock, log: aLog(), ...more })

  before(async () => {
    directory = await pouchDirectory()
    whisks = directory.databases.whisks
  })

  after(() => directory.stop())

  const cached = async (name: string, more: Partial<ActionStoreOptions> = {}) => {
    const revision = await over(whisks).save(anActionDocument(name), 'x'.repeat(20_000))
    const { store, calls } = countingStore(whisks)
    return { revision, calls, actions: over(store, more), id: `guest/${name}` }
  }

  it('keeps a revision for 5 minutes after its last use', async () => {
    const meter = new FakeMeter()
    const { revision, calls, actions, id } = await cached('kept', { meter })
    await actions.fetch(id, revision)
    clock.pass(299_000)
    await actions.fetch(id, revision)
    clock.pass(299_000)
    await actions.fetch(id, revision)
    expect(calls.get('get')).to.equal(1)
    clock.pass(301_000)
    await actions.fetch(id, revision)
    expect(calls.get('get')).to.equal(2)
    expect(meter.counts.get('counter_database_cacheHit_counter_total')).to.equal(2)
    expect(meter.counts.get('counter_database_cacheMiss_counter_total')).to.equal(2)
  })

  it('shares one read among those who ask at once', async () => {
    const { revision, calls, actions, id } = await cached('shared')
    const all = await Promise.all(Array.from({ length: 20 }, () => actions.fetch(id, revision)))
    expect(new Set(all).size).to.equal(1)
    expect([calls.get('get'), calls.get('attachment')]).to.deep.equal([1, 1])
  })

  it('gives the latest, and does not keep it, where the document has moved on', async () => {
    const { revision, calls, actions, id } = await cached('moved')
    const stored = await actions.get(id)
    if (stored === undefined) throw new Error('no action')
    const next = await over(whisks).save({ ...stored, version: '0.0.2' }, undefined)
    expect(await actions.fetch(id, revision)).to.include({ version: '0.0.2', revision: next })
    await actions.fetch(id, revision)
    expect(calls.get('get')).to.equal(3)
  })

  it('keeps nothing without a revision', async () => {
    const { calls, actions, id } = await cached('unkept')
    await actions.fetch(id, undefined)
    await actions.fetch(id, undefined)
    expect(calls.get('get')).to.equal(2)
  })

  it('forgets what is invalidated, and only that', async () => {
    const first = await cached('forgotten')
    const second = await over(whisks).save(anActionDocument('forgotten2'), 'x')
    await first.actions.fetch(first.id, first.revision)
    await first.actions.fetch('guest/forgotten2', second)
    first.actions.invalidate(first.id)
    await first.actions.fetch(first.id, first.revision)
    await first.actions.fetch('guest/forgotten2', second)
    expect(first.calls.get('get')).to.equal(3)
  })

  it('keeps no more bytes than allowed', async () => {
    const one = await cached('heavy1', { cache: { idleMs: 300_000, maxBytes: 40_000 } })
    const two = await over(whisks).save(anActionDocument('heavy2'), 'x'.repeat(20_000))
    await one.actions.fetch(one.id, one.revision)
    await one.actions.fetch('guest/heavy2', two)
    await one.actions.fetch(one.id, one.revision)
    expect(one.calls.get('get')).to.equal(3)
  })

  it('asks again after a failure', async () => {
    const revision = await over(whisks).save(anActionDocument('flaky'), 'x')
    let failures = 1
    const { store } = countingStore(whisks, {
      get: (id) => (failures-- > 0 ? Promise.reject(new Error('down')) : whisks.get(id)),
    })
    const actions = over(store)
    expect(String(await actions.fetch('guest/flaky', revision).catch((error: unknown) => error))).to.contain('down')
    expect(await actions.fetch('guest/flaky', revision)).to.include({ revision })
  })

  it('reads again where the attachment is about to come, and says so where it never does', async () => {
    const { revision, id } = await cached('late')
    let missing = 2
    const late = countingStore(whisks, {
      attachment: (of, name) => (missing-- > 0 ? Promise.resolve(undefined) : whisks.attachment(of, name)),
    })
    expect(await over(late.store).fetch(id, revision)).to.include({ revision })
    const never = countingStore(whisks, { attachment: () => Promise.resolve(undefined) })
    const fault = await faultOf(over(never.store).fetch(id, revision))
    expect(fault.message).to.match(/"guest\/late" lacks its attachment "couch:/)
  })
})
