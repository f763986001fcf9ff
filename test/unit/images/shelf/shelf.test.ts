import { expect } from 'chai'
import { type Departure, Shelf } from '../../../../invoker/images/shelf/shelf.ts'
import { aLog } from '../../../support/a-log.ts'
import { aRecipe } from '../../../support/a-recipe.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { FakeImageEngine, FakeLiveImage } from '../../../support/fake-image-engine.ts'

const MiB = 1024 * 1024
const free = { namespace: '', isPinned: false, savedSecondsPerDay: 0 }

describe('Shelf', () => {
  let shelf: Shelf
  let clock: FakeClock
  let left: (readonly [string, Departure])[]
  const engine = new FakeImageEngine()

  beforeEach(() => {
    clock = new FakeClock()
    left = []
    shelf = new Shelf({
      ...{ clock, log: aLog(), budgetBytes: 100 * MiB },
      onChange: () => undefined,
      onDeparture: ({ image }, departure) => left.push([image.recipe.imports[0]?.module ?? '', departure]),
    })
  })

  afterEach(() => shelf.stop(AbortSignal.timeout(1000)))

  async function put(module: string, mb: number, of: Partial<typeof free> = {}): Promise<FakeLiveImage> {
    const image = new FakeLiveImage(await aRecipe(module), engine)
    image.bytes = mb * MiB
    await shelf.add(image, { ...free, ...of })
    return image
  }

  it('adds up what its images take, as measured', async () => {
    const torch = await put('torch', 30)
    await put('PIL', 20)
    expect(shelf.bytes).to.equal(50 * MiB)
    torch.bytes = 60 * MiB
    await shelf.measure()
    expect(shelf.bytes).to.equal(80 * MiB)
    expect(shelf.bytesOf(torch.recipe.id)).to.equal(60 * MiB)
  })

  it('drops what saves least for its bytes when there is too much, and no pinned one', async () => {
    await put('torch', 40, { isPinned: true })
    await put('PIL', 40, { savedSecondsPerDay: 1 })
    await put('numpy', 40, { savedSecondsPerDay: 9 })
    expect(left).to.deep.equal([['PIL', 'budget']])
    expect(shelf.bytes).to.equal(80 * MiB)
  })

  it('puts an image in the place of one of its identity, which ends', async () => {
    const first = await put('sklearn.svm', 10)
    const second = await put('sklearn.tree', 10)
    expect(shelf.all()).to.have.length(1)
    expect(shelf.get(second.recipe.id)?.image).to.equal(second)
    expect(left).to.deep.equal([['sklearn.svm', 'replaced']])
    await first.ended
    expect(shelf.get(second.recipe.id)?.image).to.equal(second)
  })

  it('relieves one image at a time, and none that was used lately', async () => {
    await put('torch', 10)
    await put('PIL', 10)
    shelf.relieve()
    expect(left).to.deep.equal([])
    clock.pass(61_000)
    shelf.relieve()
    shelf.relieve()
    expect(left).to.have.length(1)
    clock.pass(1000)
    shelf.relieve()
    expect(left.map(([, departure]) => departure)).to.deep.equal(['pressure', 'pressure'])
  })

  it('holds what an image has loaded, only while it is live', async () => {
    const { recipe } = await put('torch', 10)
    expect(shelf.holds(recipe.id, recipe.imports)).to.equal(true)
    expect(shelf.holds(recipe.id, [{ module: 'torch.nn', distribution: 'torch', ms: 1 }])).to.equal(false)
    shelf.drop(recipe.id, 'removed', 'a test')
    expect(shelf.holds(recipe.id, [])).to.equal(false)
  })
})
