import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { ActionDocument } from '../../../invoker/domain/action.ts'
import type { Document, DocumentStore } from '../../../invoker/ports/documents.ts'
import { ActionStore, type ActionStoreOptions } from '../../../invoker/store/actions.ts'
import { aLog } from '../../support/a-log.ts'
import { countingStore } from '../../support/counting-store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { FakeMeter } from '../../support/fake-meter.ts'
import { faultOf } from '../../support/fault-of.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'
import { recordedManifest } from '../../support/rest-server.ts'

const limits = { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 }

function aDocument(name: string, changes: Partial<ActionDocument> = {}): ActionDocument {
  return {
    namespace: 'guest',
    name,
    exec: { kind: 'nodejs:20', binary: false },
    parameters: [{ key: 'place', value: 'Paris' }],
    limits,
    version: '0.0.1',
    publish: false,
    annotations: [{ key: 'exec', value: 'nodejs:20' }],
    updated: 1_767_225_500_000,
    ...changes,
  }
}

/** A raw document with this `exec`. */
function raw(name: string, exec: object): Document {
  return { ...aDocument(name), _id: `guest/${name}`, entityType: 'action', exec } as unknown as Document
}

describe('ActionStore', () => {
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

  describe('reading', () => {
    before(async () => {
      for (const name of ['apikey', 'bb', 'hello', 'invokerHealthTestAction0', 'pkg', 'rul', 'seq', 'trg']) {
        const file = new URL(`../../support/recorded/couchdb/${name}.json`, import.meta.url)
        const { _rev, ...document } = JSON.parse(readFileSync(file, 'utf8')) as Document
        await whisks.put(document as Document)
      }
    })

    it('reads recorded actions as they are sent to /init', async () => {
      const actions = over(whisks)
      expect((await actions.fetch('guest/hello', undefined))?.exec).to.deep.equal({
        kind: 'nodejs:20',
        binary: false,
        code: 'function main(p){return {greeting:"hi "+p.name}}',
      })
      const apikey = await actions.fetch('guest/apikey', undefined)
      expect(apikey?.parameters).to.deep.equal([
        { key: 'FOO', value: 'env', init: true },
        { key: 'b', value: [1, 2] },
      ])
      expect(apikey?.limits).to.deep.equal({ concurrency: 1, logs: 10, memory: 128, timeout: 3000 })
      expect((await actions.fetch('guest/bb', undefined))?.exec).to.deep.equal({
        kind: 'blackbox',
        image: 'openwhisk/dockerskeleton',
        binary: false,
        code: '#!/bin/sh\necho {}',
      })
      const health = await actions.fetch('whisk.system/invokerHealthTestAction0', undefined)
      expect(health?.exec.code).to.equal('function main(params) { return params; }')
      expect(health?.revision).to.match(/^1-/)
    })

    it('gives undefined for what is not there', async () => {
      expect(await over(whisks).fetch('guest/nobody', undefined)).to.equal(undefined)
      expect(await over(whisks).fetch('guest/nobody', '1-1')).to.equal(undefined)
    })

    it('refuses other entities and names them', async () => {
      for (const [name, entityType] of [
        ['pkg', 'package'],
        ['rul', 'rule'],
        ['trg', 'trigger'],
      ]) {
        const fault = await faultOf(over(whisks).fetch(`guest/${name}`, undefined))
        expect([fault.code, fault.facts.entityType]).to.deep.equal(['DOCUMENT_UNREADABLE', entityType])
      }
    })

    it('reads a sequence as a document, and does not run it', async () => {
      expect((await over(whisks).get('guest/seq'))?.exec.components).to.deep.equal(['/guest/hello', '/guest/hello'])
      expect((await faultOf(over(whisks).fetch('guest/seq', undefined))).code).to.equal('ACTION_NOT_EXECUTABLE')
    })

    it('resolves the kind, in any case and by family', async () => {
      await whisks.put(raw('shouting', { kind: ' NodeJS:DEFAULT ', code: 'x' }))
      expect((await over(whisks).fetch('guest/shouting', undefined))?.exec.kind).to.equal('nodejs:20')
    })

    it('refuses a kind that the manifest lacks', async () => {
      await whisks.put(raw('cobol', { kind: 'cobol:85', code: 'x' }))
      const fault = await faultOf(over(whisks).fetch('guest/cobol', undefined))
      expect(fault.code).to.equal('DOCUMENT_UNREADABLE')
      expect(fault.message).to.match(/exec\.kind: is "cobol:85", expected one of nodejs:18, nodejs:20/)
    })

    it('judges string code anew, and believes the flag of an attachment', async () => {
      await whisks.put(raw('text', { kind: 'nodejs:20', code: 'UEsDBBQA', binary: false }))
      const name = `mem:${Buffer.from('UEsDBBQA').toString('base64url')}`
      const code = { attachmentName: name, attachmentType: 'text/plain' }
      await whisks.put(raw('attached', { kind: 'nodejs:20', code, binary: false }))
      expect((await over(whisks).fetch('guest/text', undefined))?.exec.binary).to.equal(true)
      expect((await over(whisks).fetch('guest/attached', undefined))?.exec).to.include({
        binary: false,
        code: 'UEsDBBQA',
      })
    })

    it('reads the code of long ago: under jar, and as an attachment without a scheme', async () => {
      const jar = { attachmentName: 'jarfile', attachmentType: 'application/java-archive' }
      const revision = await whisks.put(raw('old', { kind: 'java:8', jar, main: 'Hello', binary: true }))
      const data = Buffer.from([0xca, 0xfe, 0xba, 0xbe])
      await whisks.attach('guest/old', revision, { name: 'jarfile', contentType: 'application/java-archive', data })
      const action = await over(whisks).fetch('guest/old', undefined)
      expect(action?.exec).to.deep.equal({ kind: 'java:8', main: 'Hello', binary: true, code: 'yv66vg==' })
    })

    it('takes documents without entityType, logs or concurrency', async () => {
      const { entityType, ...old } = raw('ancient', { kind: 'nodejs:20', code: 'x' })
      await whisks.put({ ...old, limits: { timeout: 1000, memory: 128 } } as Document)
      const action = await over(whisks).fetch('guest/ancient', undefined)
      expect(action?.limits).to.deep.equal({ timeout: 1000, memory: 128, logs: 10, concurrency: 1 })
    })

    it('takes a blackbox with blank code for one without', async () => {
      await whisks.put(raw('blank', { kind: 'blackbox', image: 'x/y', code: '  ', binary: false }))
      expect((await over(whisks).fetch('guest/blank', undefined))?.exec).to.not.have.property('code')
    })

    it('says all that is wrong with a document at once', async () => {
      await whisks.put({ _id: 'guest/broken', entityType: 'action', exec: { kind: 'java:8' }, limits: {} })
      const { message } = await faultOf(over(whisks).fetch('guest/broken', undefined))
      for (const place of [
        'namespace',
        'name',
        'exec.code',
        'exec.main',
        'limits.timeout',
        'limits.memory',
        'version',
      ]) {
        expect(message).to.contain(`${place}: is missing`)
      }
    })

    it('refuses code in an attachment store that it does not know', async () => {
      const code = { attachmentName: 's3:bucket/key', attachmentType: 'text/plain' }
      await whisks.put(raw('far', { kind: 'nodejs:20', code, binary: false }))
      expect((await faultOf(over(whisks).fetch('guest/far', undefined))).code).to.equal('STORE_REFUSED')
    })
  })

  describe('writing', () => {
    it('writes small code into the document, in one step', async () => {
      const revision = await over(whisks).save(aDocument('small'), 'function main() {}')
      expect(revision).to.match(/^1-/)
      const document = await whisks.get('guest/small')
      expect(document).to.include({ entityType: 'action', namespace: 'guest' }).and.not.have.property('_attachments')
      expect(document).to.have.nested.property('exec.code.attachmentName').that.matches(/^mem:/)
    })

    it('attaches big code, so that the second revision is the usable one', async () => {
      const code = `// ${'x'.repeat(20_000)}`
      const revision = await over(whisks).save(aDocument('big'), code)
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
      await over(whisks).save(aDocument('inline', { exec: { kind: 'unknown:1', binary: false } }), 'x'.repeat(20_000))
      expect(await whisks.get('guest/inline'))
        .to.have.nested.property('exec.code')
        .that.has.lengthOf(20_000)
    })

    it('removes a new action again when its code cannot be attached', async () => {
      const { store } = countingStore(whisks, { attach: () => Promise.reject(new Error('broken')) })
      const error = await over(store)
        .save(aDocument('half'), 'x'.repeat(20_000))
        .catch((reason: unknown) => reason)
      expect(String(error)).to.equal('Error: broken')
      expect(await whisks.get('guest/half')).to.equal(undefined)
    })

    it('refuses names that no document id may have', async () => {
      for (const name of ['größe', '名', 'a/b', ' a', 'a ', '-a', '', 'x'.repeat(257)]) {
        expect((await faultOf(over(whisks).save(aDocument(name), 'x'))).code).to.equal('NAME_WRONG')
      }
      for (const name of ['with space', 'a@b', 'a & b', 'a.b-c', 'x'.repeat(256)]) {
        expect(await over(whisks).save(aDocument(name), 'x')).to.match(/^1-/)
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
        await actions.save({ ...aDocument(`a${updated}`), namespace, updated }, 'x')
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

  describe('keeping', () => {
    const cached = async (name: string, more: Partial<ActionStoreOptions> = {}) => {
      const revision = await over(whisks).save(aDocument(name), 'x'.repeat(20_000))
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
      const second = await over(whisks).save(aDocument('forgotten2'), 'x')
      await first.actions.fetch(first.id, first.revision)
      await first.actions.fetch('guest/forgotten2', second)
      first.actions.invalidate(first.id)
      await first.actions.fetch(first.id, first.revision)
      await first.actions.fetch('guest/forgotten2', second)
      expect(first.calls.get('get')).to.equal(3)
    })

    it('keeps no more bytes than allowed', async () => {
      const one = await cached('heavy1', { cache: { idleMs: 300_000, maxBytes: 40_000 } })
      const two = await over(whisks).save(aDocument('heavy2'), 'x'.repeat(20_000))
      await one.actions.fetch(one.id, one.revision)
      await one.actions.fetch('guest/heavy2', two)
      await one.actions.fetch(one.id, one.revision)
      expect(one.calls.get('get')).to.equal(3)
    })

    it('asks again after a failure', async () => {
      const revision = await over(whisks).save(aDocument('flaky'), 'x')
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
})
