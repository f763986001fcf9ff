import { expect } from 'chai'
import { ImagesMeter } from '../../../../invoker/images/images-meter.ts'
import { Learner } from '../../../../invoker/images/learn/learner.ts'
import type { ProfileEntry } from '../../../../invoker/images/store/entries.ts'
import { aDemand, recorded } from '../../../support/a-warm-swap.ts'
import { FakeMeter } from '../../../support/fake-meter.ts'
import { type ImageParts, imageParts } from '../../../support/image-parts.ts'

describe('Learner', () => {
  const torch = aDemand('import torch\n')
  let parts: ImageParts
  let learned: ProfileEntry[]
  let otherBuilds: string[]
  let learner: Learner

  beforeEach(async () => {
    parts = await imageParts()
    learned = []
    otherBuilds = []
    learner = new Learner({
      ...{ knowledge: parts.knowledge, clock: parts.clock, log: parts.log, meter: new ImagesMeter(new FakeMeter()) },
      holds: (image, imports) => parts.shelf.holds(image, imports),
      onLearned: (entry) => learned.push(entry),
      onOtherBuild: (kind) => otherBuilds.push(kind),
    })
  })

  afterEach(() => parts.shelf.stop(AbortSignal.timeout(1000)))

  it('records code without a profile, and none of a kind without images', () => {
    expect(learner.isUnknown(torch.action)).to.equal(true)
    learner.learn(torch, { answer: recorded(['torch', 'torch', 1800]) })
    const [entry] = learned
    expect(entry?.profile.imports).to.deep.equal([{ module: 'torch', distribution: 'torch', ms: 1800 }])
    if (entry) parts.knowledge.add(entry)
    expect(learner.isUnknown(torch.action)).to.equal(false)
    const { exec } = torch.action
    expect(learner.isUnknown({ ...torch.action, exec: { ...exec, kind: 'nodejs:20' } })).to.equal(false)
  })

  it('takes code at its word once whose text is all in its image', async () => {
    const { image } = await parts.put('', 'torch')
    expect(learner.isUnknown(torch.action, image.recipe.id)).to.equal(false)
    expect(learner.isUnknown(torch.action, image.recipe.id)).to.equal(true)
  })

  it('takes no code at its word that its image does not hold, or that imports by names of its own', async () => {
    const { image } = await parts.put('', 'numpy')
    expect(learner.isUnknown(torch.action, image.recipe.id)).to.equal(true)
    const hidden = aDemand('import importlib, numpy\n')
    expect(learner.isUnknown(hidden.action, image.recipe.id)).to.equal(true)
  })

  it('adds what the image brought along, which the runtime does not record', async () => {
    const { image } = await parts.put('', 'torch')
    parts.knowledge.add({ type: 'image', recipe: image.recipe, updatedMs: 1 })
    learner.learn(torch, { answer: recorded(['numpy', 'numpy', 120]), image: image.recipe.id })
    expect(learned[0]?.profile.imports.map(({ module }) => module)).to.deep.equal(['torch', 'numpy'])
  })

  it('believes nothing that the runtime build does not have, and has it read again', () => {
    learner.learn(torch, { answer: recorded(['bogus', 'bogus', 10]) })
    expect(learned[0]?.profile.imports).to.deep.equal([])
    expect(otherBuilds).to.deep.equal(['python:3'])
  })

  it('learns nothing from what cannot be read, and says so once', () => {
    for (let times = 0; times < 3; times += 1) learner.learn(torch, { answer: '{"imports":' })
    expect(learned).to.deep.equal([])
    expect(parts.log.lines.map(({ event }) => event)).to.deep.equal(['recorded imports cannot be read'])
  })
})
