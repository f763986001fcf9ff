import { expect } from 'chai'
import type { ImageRecipe } from '../../../../invoker/domain/dependency-image.ts'
import { remembered } from '../../../../invoker/images/build/remembered.ts'
import type { ResidencyEntry } from '../../../../invoker/images/store/entries.ts'
import { Residencies } from '../../../../invoker/images/store/residencies.ts'
import { aRecipe } from '../../../support/a-recipe.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

describe('Residencies', () => {
  let clock: FakeClock
  let saved: ResidencyEntry[]
  let recipe: ImageRecipe

  beforeEach(async () => {
    clock = new FakeClock(1000)
    saved = []
    recipe = await aRecipe('torch')
  })

  function make(): Residencies {
    return new Residencies({ invoker: 'invoker0', clock, save: (entry) => saved.push(entry) })
  }

  it('has every change of state written at once, and uses now and then', () => {
    const residencies = make()
    const of = { key: recipe.id, namespace: '', recipe }
    residencies.note(of, { state: 'building' })
    residencies.note(of, { state: 'live' })
    expect(saved.map(({ state }) => state)).to.deep.equal(['building', 'live'])
    clock.pass(500)
    residencies.used(recipe.id)
    residencies.used(recipe.id)
    residencies.used('another')
    expect(saved).to.have.length(2)
    residencies.flush()
    residencies.flush()
    expect(saved).to.have.length(3)
    expect(saved[2]).to.include({ restores: 2, lastUsedMs: 1500, updatedMs: 1500, state: 'live' })
  })

  it('takes over what the last run wrote: nothing of it is live, and its restores count', () => {
    const before = make()
    for (const namespace of ['', 'guest']) {
      const key = namespace === '' ? recipe.id : `${recipe.id}@${namespace}`
      before.note({ key, namespace, recipe }, { state: 'live' })
      before.used(key)
    }
    const entries = before.all()
    const now = make()
    now.note({ key: recipe.id, namespace: '', recipe }, { state: 'live' })
    now.used(recipe.id)
    now.takeOver(entries)
    expect(now.get(recipe.id)).to.include({ state: 'live', restores: 2 })
    expect(now.get(`${recipe.id}@guest`)).to.include({ state: 'evicted', restores: 1 })
  })

  it('remembers what was live, the most useful first', async () => {
    const other = await aRecipe('numpy')
    const residencies = make()
    for (const one of [recipe, other]) residencies.note({ key: one.id, namespace: '', recipe: one }, { state: 'live' })
    residencies.used(other.id)
    const images = [recipe, other].map((one) => ({ type: 'image', recipe: one, updatedMs: 1 }) as const)
    const wanted = remembered(residencies.all(), images)
    expect(wanted.map(({ imports }) => imports[0]?.module)).to.deep.equal(['numpy', 'torch'])
    expect(remembered(residencies.all(), [])).to.deep.equal([])
    residencies.note({ key: other.id, namespace: '', recipe: other }, { state: 'evicted' })
    expect(remembered(residencies.all(), images)).to.have.length(1)
  })
})
