import { expect } from 'chai'
import type { CatalogEntry, ImageEntry } from '../../../../invoker/images/store/entries.ts'
import { Retention } from '../../../../invoker/images/store/retention.ts'
import { aRecipe } from '../../../support/a-recipe.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const dayMs = 24 * 3_600_000

describe('Retention', () => {
  let clock: FakeClock
  let saved: CatalogEntry[]
  let removedBefore: number[]
  let retention: Retention
  let image: ImageEntry

  beforeEach(async () => {
    clock = new FakeClock()
    saved = []
    removedBefore = []
    const records = {
      save: (entry: CatalogEntry) => saved.push(entry),
      forgetUnused: (beforeMs: number) => removedBefore.push(beforeMs),
    }
    retention = new Retention({ records, clock })
    image = { type: 'image', recipe: await aRecipe('torch'), updatedMs: 1 }
  })

  it('says once a day that an entry is used, however often it is', () => {
    const firstMs = clock.now()
    retention.used(image)
    clock.pass(dayMs - 1)
    retention.used(image)
    expect(saved.map(({ updatedMs }) => updatedMs)).to.deep.equal([firstMs])
    clock.pass(1)
    retention.used(image)
    expect(saved.map(({ updatedMs }) => updatedMs)).to.deep.equal([firstMs, firstMs + dayMs])
  })

  it('removes what was not used for 90 days; what is live is used', () => {
    retention.round([image])
    expect(saved).to.have.length(1)
    expect(removedBefore).to.deep.equal([clock.now() - 90 * dayMs])
  })
})
