import { expect } from 'chai'
import type { TimedImport } from '../../invoker/domain/dependency-image.ts'
import { recipeFor } from '../../invoker/images/build/identity.ts'
import { Catalog } from '../../invoker/images/store/catalog.ts'
import type { ImageEntry, ProfileEntry, ResidencyEntry } from '../../invoker/images/store/entries.ts'
import type { DocumentStore } from '../../invoker/ports/documents.ts'
import { aLog } from '../support/a-log.ts'
import { FakeInventory } from '../support/fake-image-engine.ts'

/** An empty database, opened as often as there are writers, and how to end it. */
export interface DatabaseUnderTest {
  open(): Promise<DocumentStore>
  close(): Promise<void>
}

const kind = 'python:3'
const runtimeBuild = `build-of-${kind}`
const of = { kind, runtimeBuild }

function imports(...modules: readonly string[]): readonly TimedImport[] {
  const distributions: Readonly<Record<string, string>> = { sklearn: 'scikit-learn', PIL: 'pillow' }
  return modules.map((module) => {
    const top = module.split('.')[0] ?? ''
    return { module, distribution: distributions[top] ?? top, ms: 100 }
  })
}

async function anImage(modules: readonly string[], changes: Partial<ImageEntry> = {}): Promise<ImageEntry> {
  const inventory = await new FakeInventory().of(kind)
  const machine = { architecture: 'x64', cpu: 'cpu-1' }
  const recipe = recipeFor({ inventory, machine, engine: 'fork', imports: imports(...modules) })
  return { type: 'image', recipe, updatedMs: 1000, ...changes }
}

function aProfile(codeDigest: string, modules: readonly string[], updatedMs = 1000): ProfileEntry {
  return { type: 'profile', profile: { codeDigest, ...of, imports: imports(...modules) }, updatedMs }
}

function aResidency(image: string, changes: Partial<ResidencyEntry> = {}): ResidencyEntry {
  const counts = { sinceMs: 1, restores: 0, blamed: [], updatedMs: 1000 }
  return { type: 'residency', image, invoker: 'invoker0', ...of, state: 'live', ...counts, ...changes }
}

/** What the database of images does on every store. `make` gives an empty one. */
export function catalogContract(name: string, make: () => Promise<DatabaseUnderTest>): void {
  describe(`Catalog on ${name}`, function () {
    this.timeout(120_000)
    let database: DatabaseUnderTest
    let catalog: Catalog
    const log = aLog()
    const writers: Catalog[] = []

    before(async () => {
      database = await make()
      for (let n = 0; n < 4; n += 1) writers.push(new Catalog({ database: await database.open(), log }))
      await Promise.all(writers.map((writer) => writer.prepare()))
      catalog = writers[0] ?? new Catalog({ database: await database.open(), log })
    })

    after(() => database.close())

    it('gives back what was written', async () => {
      const image = await anImage(['torch'], { sizes: { anonymousBytes: 7, fileBytes: 8, vmas: 9 }, buildMs: 12.5 })
      await catalog.save(image)
      expect(await catalog.image(image.recipe.id)).to.deep.equal(image)
      const profile = aProfile('a'.repeat(64), ['torch'])
      await catalog.save(profile)
      expect(await catalog.profile(profile.profile)).to.deep.equal(profile)
      expect(await catalog.image('f'.repeat(64))).to.equal(undefined)
    })

    it('unites what many writers know of one code at the same time, and loses none', async () => {
      const modules = Array.from({ length: 24 }, (_, n) => `torch.m${n}`)
      const code = 'b'.repeat(64)
      await Promise.all(
        modules.map((module, n) => writers[n % writers.length]?.save(aProfile(code, ['torch', module], 2000 + n))),
      )
      const found = await catalog.profile({ ...of, codeDigest: code })
      expect(found?.profile.imports.map(({ module }) => module).sort()).to.deep.equal(['torch', ...modules].sort())
    })

    it('unites the imports of images that were built in several places', async () => {
      const [one, other] = [await anImage(['sklearn.svm']), await anImage(['sklearn.tree'], { buildMs: 5 })]
      expect(one.recipe.id).to.equal(other.recipe.id)
      await Promise.all([writers[0]?.save(one), writers[1]?.save(other)])
      const found = await catalog.image(one.recipe.id)
      expect(found?.recipe.imports.map(({ module }) => module).sort()).to.deep.equal(['sklearn.svm', 'sklearn.tree'])
      expect(found?.buildMs).to.equal(5)
    })

    it('finds the images that cover a set, by an index', async () => {
      const [base, pillow, big] = [await anImage([]), await anImage(['PIL']), await anImage(['PIL', 'pandas'])]
      for (const image of [base, pillow, big]) await catalog.save(image)
      const ids = async (...names: readonly string[]) =>
        (await catalog.covering(of, names)).map(({ recipe }) => recipe.id).sort()
      expect(await ids('pillow')).to.deep.equal([pillow.recipe.id, big.recipe.id].sort())
      expect(await ids('pillow', 'numpy')).to.deep.equal([big.recipe.id])
      expect(await ids()).to.deep.equal([base.recipe.id])
      expect(await ids('pillow', 'nowhere')).to.deep.equal([])
      expect(await catalog.covering({ ...of, runtimeBuild: 'another' }, ['pillow'])).to.deep.equal([])
    })

    it('says what was written since a time, the latest first', async () => {
      for (const updatedMs of [5000, 7000, 6000]) await catalog.save(aProfile(`${updatedMs}`, ['PIL'], updatedMs))
      const found = await catalog.updated('profile', { ...of, sinceMs: 5500, most: 100 })
      expect(found.map(({ updatedMs }) => updatedMs)).to.deep.equal([7000, 6000])
      const some = await catalog.updated('profile', { ...of, sinceMs: 0, most: 1 })
      expect(some.map(({ updatedMs }) => updatedMs)).to.deep.equal([7000])
    })

    it('says what an invoker has, and who has an image', async () => {
      const { recipe } = await anImage(['PIL'])
      await catalog.save(aResidency(recipe.id))
      await catalog.save(aResidency(recipe.id, { namespace: 'guest' }))
      await catalog.save(aResidency(recipe.id, { invoker: 'invoker1', state: 'failed', reason: 'no memory' }))
      expect(await catalog.residenciesOf('invoker0')).to.have.length(2)
      expect((await catalog.holders(recipe.id)).map(({ invoker }) => invoker)).to.deep.equal([
        'invoker0',
        'invoker0',
        'invoker1',
      ])
      await catalog.save(aResidency(recipe.id, { state: 'evicted', restores: 3, updatedMs: 9000 }))
      const [entry] = await catalog.updated('residency', { ...of, sinceMs: 9000, most: 1 })
      expect(entry).to.include({ state: 'evicted', restores: 3 })
    })

    it('forgets an image and all who have it', async () => {
      const { recipe } = await anImage(['PIL'])
      await catalog.forget(recipe.id)
      expect(await catalog.image(recipe.id)).to.equal(undefined)
      expect(await catalog.holders(recipe.id)).to.deep.equal([])
      await catalog.forget(recipe.id)
    })

    it('leaves alone what a newer version wrote, and says so once', async () => {
      const profile = aProfile('c'.repeat(64), ['torch'])
      const id = `profile/${kind}/${runtimeBuild}/${'c'.repeat(64)}`
      const store = await database.open()
      const newer = { _id: id, type: 'profile', format: 2, kind, runtimeBuild, something: 'else' }
      await store.put(newer)
      await catalog.save(profile)
      await catalog.save(profile)
      expect(await catalog.profile(profile.profile)).to.equal(undefined)
      expect(await store.get(id)).to.deep.include(newer)
      expect(log.lines.filter(({ fields }) => fields.id === id)).to.have.length(1)
      expect(await catalog.updated('profile', { ...of, sinceMs: 0, most: 100 })).to.not.be.empty
      const another = aLog()
      await new Catalog({ database: store, log: another }).prepare()
      expect(another.lines.map(({ fields }) => fields.id)).to.deep.equal([id])
    })

    it('removes images and profiles that nobody used since, with all who have them, and no others', async () => {
      const [unused, used] = [await anImage(['numpy'], { updatedMs: 2 }), await anImage(['pandas'], { updatedMs: 2 })]
      const [old, seen] = [aProfile('e'.repeat(64), ['torch'], 2), aProfile('f'.repeat(64), ['torch'], 2)]
      for (const entry of [unused, used, old, seen, aResidency(unused.recipe.id)]) await catalog.save(entry)
      const day = 24 * 3_600_000
      for (const entry of [used, seen]) await catalog.save({ ...entry, updatedMs: day + 2 })
      await catalog.removeUnused(3)
      expect(await catalog.image(unused.recipe.id)).to.equal(undefined)
      expect(await catalog.holders(unused.recipe.id)).to.deep.equal([])
      expect(await catalog.profile(old.profile)).to.equal(undefined)
      expect(await catalog.image(used.recipe.id)).to.include({ updatedMs: day + 2 })
      expect(await catalog.profile(seen.profile)).to.include({ updatedMs: day + 2 })
    })

    it('replaces what is broken, and passes over it until then', async () => {
      const code = 'd'.repeat(64)
      const id = `profile/${kind}/${runtimeBuild}/${code}`
      const store = await database.open()
      await store.put({ _id: id, type: 'profile', format: 1, kind, runtimeBuild, updated: 1, imports: 'none' })
      expect(await catalog.profile({ ...of, codeDigest: code })).to.equal(undefined)
      await catalog.save(aProfile(code, ['torch']))
      expect((await catalog.profile({ ...of, codeDigest: code }))?.profile.imports).to.have.length(1)
    })
  })
}
