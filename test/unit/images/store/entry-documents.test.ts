import { expect } from 'chai'
import { recipeFor } from '../../../../invoker/images/build/identity.ts'
import type {
  CatalogEntry,
  ImageEntry,
  ProfileEntry,
  ResidencyEntry,
} from '../../../../invoker/images/store/entries.ts'
import { readEntry, writeEntry } from '../../../../invoker/images/store/entry-documents.ts'
import type { StoredDocument } from '../../../../invoker/ports/documents.ts'
import { FakeInventory } from '../../../support/fake-image-engine.ts'

const of = { kind: 'python:3', runtimeBuild: 'build-1' }
const imports = [{ module: 'torch', distribution: 'torch', ms: 12.25 }]
const torch = { name: 'torch', version: '1.0', record: 'r' }
const blamed = [{ module: 'torch.nn', distribution: 'torch', record: 'r' }]

async function anImage(): Promise<ImageEntry> {
  const inventory = await new FakeInventory().of('python:3')
  const recipe = recipeFor({ inventory, machine: { architecture: 'x64', cpu: 'c' }, engine: 'criu', imports })
  return { type: 'image', recipe, sizes: { anonymousBytes: 1, fileBytes: 2, vmas: 3 }, buildMs: 4.5, updatedMs: 5 }
}

const profile: ProfileEntry = { type: 'profile', profile: { codeDigest: 'd', ...of, imports }, updatedMs: 5 }
const residency: ResidencyEntry = {
  ...{ type: 'residency', image: 'i', invoker: 'invoker0', namespace: 'guest', ...of },
  ...{ state: 'unsuitable', reason: 'threads', sinceMs: 1, restores: 2, lastUsedMs: 3, blamed, updatedMs: 5 },
}

function stored(entry: CatalogEntry, changes: object = {}): StoredDocument {
  return { ...writeEntry(entry), _rev: '1-a', ...changes } as StoredDocument
}

describe('readEntry()', () => {
  it('reads what writeEntry() wrote', async () => {
    for (const entry of [await anImage(), profile, residency]) {
      expect(readEntry(stored(entry)), entry.type).to.deep.equal(entry)
    }
  })

  it('leaves a newer format alone, whatever else is in it', () => {
    const read = readEntry({ _id: 'image/x', _rev: '1-a', format: 2, what: 'ever' })
    expect(read).to.deep.equal({ unread: 'newer', why: '"image/x" has format 2, this version knows 1' })
  })

  it('refuses a document that is not what its id says', async () => {
    const image = await anImage()
    const other = { distributions: [{ ...torch, version: '6.6' }] }
    expect(readEntry(stored(image, other))).to.have.property('unread', 'broken')
    expect(readEntry(stored(profile, { codeDigest: 'another' }))).to.have.property('unread', 'broken')
  })

  const breaks: readonly (readonly [string, object])[] = [
    ['no type', { type: undefined }],
    ['another type', { type: 'action' }],
    ['imports that are none', { imports: [{ module: 7 }] }],
    ['a time that is none', { imports: [{ module: 'torch', distribution: 'torch', ms: -1 }] }],
    ['no time of writing', { updated: 'today' }],
  ]
  for (const [what, changes] of breaks) {
    it(`refuses a document with ${what}`, () => {
      expect(readEntry(stored(profile, changes))).to.have.property('unread', 'broken')
    })
  }

  it('refuses a residency in a state that there is not', () => {
    const read = readEntry(stored(residency, { state: 'asleep' }))
    expect(read)
      .to.have.property('why')
      .that.matches(/state: is "asleep", expected one of live, building/)
  })

  it('takes a bounded number of imports', () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ module: `m${n}`, distribution: 'torch', ms: 1 }))
    const read = readEntry(stored(profile, { imports: many }))
    expect(read).to.have.nested.property('profile.imports').with.length(256)
  })
})
