import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import { newActivationId } from '../../../invoker/domain/ids.ts'
import { Fault } from '../../../invoker/faults/fault.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'
import type { BulkResult, Document, DocumentStore } from '../../../invoker/ports/documents.ts'
import { ActivationStore, type ActivationStoreOptions } from '../../../invoker/store/activations.ts'
import { anActivation } from '../../support/an-activation.ts'
import { countingStore } from '../../support/counting-store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { faultOf } from '../../support/fault-of.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'

describe('ActivationStore', () => {
  let directory: PouchDirectory
  let documents: DocumentStore
  const clock = new FakeClock()

  const over = (store: DocumentStore, more: Partial<ActivationStoreOptions> = {}): ActivationStore =>
    new ActivationStore({ activations: store, clock, isStaleAllowed: false, ...more })

  before(async () => {
    directory = await pouchDirectory()
    documents = directory.databases.activations
  })

  after(() => directory.stop())

  it('stores a record as the invoker of OpenWhisk does, and reads it back', async () => {
    const record = anActivation({ cause: newActivationId() })
    await over(documents).store(record)
    const { _rev, ...document } = (await documents.get(`guest/${record.activationId}`)) as Document
    expect(document).to.deep.equal({
      ...record,
      _id: `guest/${record.activationId}`,
      entityType: 'activation',
      updated: clock.now(),
    })
    expect(await over(documents).get('guest', record.activationId)).to.deep.equal(record)
    expect(await over(documents).get('other', record.activationId)).to.equal(undefined)
  })

  it('takes a record that is there for stored', async () => {
    const record = anActivation()
    await over(documents).store(record)
    await over(documents).store(record)
    expect(await over(documents).get('guest', record.activationId)).to.deep.equal(record)
  })

  it('reads recorded records of a trigger and a sequence', async () => {
    const lines = readFileSync(new URL('../../support/recorded/couchdb/activations.jsonl', import.meta.url), 'utf8')
    for (const line of lines.trim().split('\n')) {
      const { _rev, ...document } = JSON.parse(line) as Document
      await documents.put(document as Document)
      const { _id, updated, entityType, ...record } = document
      expect(await over(documents).get('guest', String(document.activationId))).to.deep.equal(record)
    }
  })

  it('reads times that are ISO texts, and refuses what is no record', async () => {
    const record = anActivation()
    const iso = { ...record, start: '2026-01-01T00:00:00.300Z', _id: `guest/${record.activationId}` }
    await documents.put(iso as unknown as Document)
    expect((await over(documents).get('guest', record.activationId))?.start).to.equal(1_767_225_600_300)
    await documents.put({ _id: 'guest/odd', activationId: record.activationId })
    expect((await faultOf(over(documents).get('guest', 'odd'))).code).to.equal('DOCUMENT_UNREADABLE')
  })

  describe('listing', () => {
    const at = (start: number, changes: object) =>
      anActivation({ namespace: 'lister', start, end: start + 7, ...changes })
    const starts = (summaries: readonly { readonly start?: unknown }[]): unknown[] =>
      summaries.map(({ start }) => start)

    before(async () => {
      const activations = over(documents)
      await activations.store(at(1000, {}))
      await activations.store(at(2000, { annotations: [{ key: 'path', value: 'lister/pkg/hello' }] }))
      const bound = [
        { key: 'path', value: 'other/pkg/hello' },
        { key: 'binding', value: 'lister/bound' },
      ]
      await activations.store(at(3000, { annotations: bound, response: { statusCode: 1 } }))
      await activations.store(at(4000, { name: 'trigger', end: 0 }))
    })

    it('gives the newest first, within times, with skip and limit', async () => {
      const list = async (query: object) => starts(await over(documents).list({ namespace: 'lister', ...query }))
      expect(await list({})).to.deep.equal([4000, 3000, 2000, 1000])
      expect(await list({ since: 2000, upto: 3000 })).to.deep.equal([3000, 2000])
      expect(await list({ skip: 1, limit: 2 })).to.deep.equal([3000, 2000])
      expect(await list({ skip: 4 })).to.deep.equal([])
    })

    it('finds by action, by package and action, and by the binding', async () => {
      const list = async (name: string) => starts(await over(documents).list({ namespace: 'lister', name }))
      expect(await list('hello')).to.deep.equal([1000])
      expect(await list('pkg/hello')).to.deep.equal([2000])
      expect(await list('bound/hello')).to.deep.equal([3000])
      expect(await over(documents).count({ namespace: 'lister', name: 'hello' })).to.equal(1)
    })

    it('summarises: the duration of the clock, and no end for a trigger', async () => {
      const [trigger, bound] = await over(documents).list({ namespace: 'lister' })
      expect(trigger).to.have.all.keys(
        'namespace',
        'name',
        'version',
        'publish',
        'annotations',
        'activationId',
        'start',
      )
      expect(bound).to.include({ start: 3000, end: 3007, duration: 7, statusCode: 1 })
    })

    it('gives whole records on demand', async () => {
      const [, record] = await over(documents).records({ namespace: 'lister', limit: 2 })
      expect(record).to.deep.include({ start: 3000, response: { statusCode: 1 }, duration: 50 })
    })

    it('counts from skip on', async () => {
      expect(await over(documents).count({ namespace: 'lister' })).to.equal(4)
      expect(await over(documents).count({ namespace: 'lister', skip: 3, since: 1500 })).to.equal(0)
      expect(await over(documents).count({ namespace: 'nobody' })).to.equal(0)
    })
  })

  describe('batching', () => {
    /** A store whose bulk writes wait for the test. */
    const held = () => {
      const gate = deferred()
      const sizes: number[] = []
      const bulk = async (batch: readonly Document[]): Promise<readonly BulkResult[]> => {
        sizes.push(batch.length)
        await gate.promise
        return documents.bulk(batch)
      }
      return { gate, sizes, store: countingStore(documents, { bulk }).store }
    }

    it('sends together what comes at once, and what comes while enough is under way', async () => {
      const { gate, sizes, store } = held()
      const activations = over(store, { batches: { maxInFlight: 2, maxBatch: 3 } })
      const some = (length: number) =>
        Array.from({ length }, () => activations.store(anActivation({ namespace: 'batched' })))
      const first = some(4)
      await turn()
      expect(sizes).to.deep.equal([3, 1])
      const later = [...some(1), ...some(2)]
      await turn()
      gate.resolve()
      await Promise.all([...first, ...later])
      expect(sizes).to.deep.equal([3, 1, 3])
      expect(await activations.count({ namespace: 'batched' })).to.equal(7)
    })

    it('refuses one record without its neighbours', async () => {
      const { gate, store } = held()
      const refusing = countingStore(store, {
        bulk: (batch) =>
          batch.some(({ name }) => name === 'huge')
            ? Promise.reject(new Fault('STORE_REFUSED', 'too large'))
            : store.bulk(batch),
      })
      const activations = over(refusing.store, { batches: { maxInFlight: 1, maxBatch: 500 } })
      const names = ['first', 'ok1', 'huge', 'ok2']
      const stored = names.map((name) => activations.store(anActivation({ namespace: 'poisoned', name })))
      gate.resolve()
      const outcomes = await Promise.allSettled(stored)
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    })

    it('does not ask one by one when the store is away', async () => {
      const down = countingStore(documents, { bulk: () => Promise.reject(new Fault('STORE_UNAVAILABLE', 'away')) })
      const activations = over(down.store, { batches: { maxInFlight: 1, maxBatch: 500 } })
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => activations.store(anActivation())))
      expect(outcomes.every(({ status }) => status === 'rejected')).to.equal(true)
      expect(down.calls.get('bulk')).to.equal(1)
    })

    it('waits at its stop for what is under way, no longer than told', async () => {
      const { gate, store } = held()
      const activations = over(store)
      const record = anActivation()
      const stored = activations.store(record)
      await activations.stop(AbortSignal.abort())
      const stopped = activations.stop(new AbortController().signal)
      gate.resolve()
      await stopped
      await stored
      expect(await activations.get('guest', record.activationId)).to.deep.equal(record)
    })
  })
})
