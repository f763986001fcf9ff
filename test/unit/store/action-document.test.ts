import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Document, DocumentStore } from '../../../invoker/ports/documents.ts'
import { ActionStore } from '../../../invoker/store/actions.ts'
import { aLog } from '../../support/a-log.ts'
import { anActionDocument } from '../../support/an-action.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { faultOf } from '../../support/fault-of.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'
import { recordedManifest } from '../../support/rest-server.ts'

/** A raw document with this `exec`. */
function raw(name: string, exec: object): Document {
  return { ...anActionDocument(name), _id: `guest/${name}`, entityType: 'action', exec } as unknown as Document
}

describe('Reading actions', () => {
  let directory: PouchDirectory
  let whisks: DocumentStore
  const clock = new FakeClock()

  const over = (store: DocumentStore): ActionStore =>
    new ActionStore({ whisks: store, manifest: recordedManifest(), clock, log: aLog() })

  before(async () => {
    directory = await pouchDirectory()
    whisks = directory.databases.whisks
    for (const name of ['apikey', 'bb', 'hello', 'invokerHealthTestAction0', 'pkg', 'rul', 'seq', 'trg']) {
      const file = new URL(`../../support/recorded/couchdb/${name}.json`, import.meta.url)
      const { _rev, ...document } = JSON.parse(readFileSync(file, 'utf8')) as Document
      await whisks.put(document as Document)
    }
  })

  after(() => directory.stop())

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
    for (const place of ['namespace', 'name', 'exec.code', 'exec.main', 'limits.timeout', 'limits.memory', 'version']) {
      expect(message).to.contain(`${place}: is missing`)
    }
  })

  it('refuses code in an attachment store that it does not know', async () => {
    const code = { attachmentName: 's3:bucket/key', attachmentType: 'text/plain' }
    await whisks.put(raw('far', { kind: 'nodejs:20', code, binary: false }))
    expect((await faultOf(over(whisks).fetch('guest/far', undefined))).code).to.equal('STORE_REFUSED')
  })
})
