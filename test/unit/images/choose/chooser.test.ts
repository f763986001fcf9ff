import { expect } from 'chai'
import { Chooser } from '../../../../invoker/images/choose/chooser.ts'
import type { Resident } from '../../../../invoker/images/shelf/resident.ts'
import { aDemand } from '../../../support/a-warm-swap.ts'
import { type ImageParts, imageParts } from '../../../support/image-parts.ts'

describe('Chooser', () => {
  const torch = aDemand('import torch\n')
  let parts: ImageParts
  let chooser: Chooser
  let leftAlone: Set<Resident>

  beforeEach(async () => {
    parts = await imageParts()
    leftAlone = new Set()
    chooser = new Chooser({
      ...{ knowledge: parts.knowledge, shelf: parts.shelf },
      bounds: { wasteShare: 0.8, wasteBytes: 1e9, startMs: 150 },
      scopeOf: ({ namespace }) => namespace,
      isLeftAlone: (resident) => leftAlone.has(resident),
    })
  })

  afterEach(() => parts.shelf.stop(AbortSignal.timeout(1000)))

  it('remembers its choice until images come or go', async () => {
    const base = await parts.put('guest')
    expect(chooser.choose(torch)).to.equal(base)
    const fuller = await parts.put('guest', ['torch', 1800])
    expect(chooser.choose(torch)).to.equal(base)
    chooser.changed()
    expect(chooser.choose(torch)).to.equal(fuller)
  })

  it('chooses anew when more is known of what code imports', async () => {
    const base = await parts.put('guest')
    const numpy = await parts.put('guest', ['numpy', 1800])
    const { knowledge } = parts
    expect(chooser.choose(aDemand('import os\n'))).to.equal(base)
    const { codeDigest } = knowledge.scan(aDemand('import os\n').action)
    const profile = {
      ...{ codeDigest, kind: 'python:3', runtimeBuild: numpy.image.recipe.identity.runtimeBuild },
      imports: [{ module: 'numpy', distribution: 'numpy', ms: 1800 }],
    }
    knowledge.add({ type: 'profile', profile, updatedMs: 1 })
    expect(chooser.choose(aDemand('import os\n'))).to.equal(numpy)
  })

  it('takes no image of another namespace', async () => {
    await parts.put('other', ['torch', 1800])
    expect(chooser.choose(torch)).to.equal(undefined)
  })

  it('takes none that is left alone, remembered or not, and takes it again afterwards', async () => {
    const image = await parts.put('guest', ['torch', 1800])
    leftAlone.add(image)
    expect(chooser.choose(torch)).to.equal(undefined)
    expect(chooser.choose(torch)).to.equal(undefined)
    leftAlone.clear()
    expect(chooser.choose(torch)).to.equal(image)
  })
})
