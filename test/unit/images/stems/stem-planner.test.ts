import { expect } from 'chai'
import { Resident } from '../../../../invoker/images/shelf/resident.ts'
import { stemTargets } from '../../../../invoker/images/stems/stem-planner.ts'
import { aManifest } from '../../../support/a-manifest.ts'
import { aRecipe } from '../../../support/a-recipe.ts'
import { FakeImageEngine, FakeLiveImage } from '../../../support/fake-image-engine.ts'

const nowMs = 1_767_225_600_000
const MiB = 1024 * 1024

describe('stemTargets()', () => {
  async function aResident(changes: Partial<FakeLiveImage> = {}): Promise<Resident> {
    const image = Object.assign(new FakeLiveImage(await aRecipe('torch'), new FakeImageEngine()), changes)
    return new Resident({ image, namespace: '', isPinned: false, residentBytes: 10 * MiB, nowMs })
  }

  function targets(resident: Resident, pinned = 0) {
    return stemTargets([resident], {
      nowMs,
      pinned: new Map([[resident.key, pinned]]),
      bounds: { perImage: 16, budgetBytes: 1000 * MiB },
      runtimes: aManifest(),
    })
  }

  it('wants none of what nobody starts, and what the operator asks for', async () => {
    const resident = await aResident()
    expect(targets(resident)).to.deep.equal([])
    expect(targets(resident, 3)).to.deep.equal([
      { image: resident.key, kind: 'python:3', count: 3, heldMb: 2, memoryMb: 256 },
    ])
  })

  it('counts what a copy takes as measured', async () => {
    const resident = await aResident({ copyBytes: 7.5 * MiB } as Partial<FakeLiveImage>)
    expect(targets(resident, 1)[0]).to.include({ heldMb: 8 })
  })

  it('has those of each size that is asked for where copies fit one size only', async () => {
    const resident = await aResident({ fits: () => true })
    expect(targets(resident, 1).map(({ image, memoryMb }) => [image, memoryMb])).to.deep.equal([
      [`${resident.key}#256`, 256],
    ])
    for (let n = 0; n < 8; n += 1) resident.noteStart(512, nowMs)
    expect(targets(resident, 1).map(({ memoryMb }) => memoryMb)).to.include(512)
  })
})
