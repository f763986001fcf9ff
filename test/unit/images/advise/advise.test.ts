import { expect } from 'chai'
import { type Advice, type AdviceBounds, advise, type Pin } from '../../../../invoker/images/advise/advise.ts'
import type { Load } from '../../../../invoker/images/advise/loads.ts'
import { anInventory, aWant } from '../../../support/an-inventory.ts'

const MB = 1024 * 1024
const inventory = anInventory({ numpy: {}, pandas: { requires: ['numpy'] }, torch: { requires: ['numpy'] }, six: {} })
const bounds: AdviceBounds = {
  ...{ wasteShare: 0.8, wasteBytes: 500 * MB, startMs: 50, budgetBytes: 1000 * MB },
  bytesOf: (imports) => 10 * MB + imports.reduce((sum, { ms }) => sum + ms, 0) * 0.1 * MB,
  restoreMsOf: () => 10,
  inventoryOf: (kind) => (kind === 'python:3' ? inventory : undefined),
  loadedOf: () => undefined,
  serves: () => true,
  isUnsuitable: () => false,
}
const numpy = { numpy: 150 }
const pandas = { numpy: 150, pandas: 350 }
const torch = { torch: 1200, numpy: 100 }

function load(imports: Readonly<Record<string, number>>, startsPerDay: number, namespace = ''): Load {
  return { want: aWant(imports), namespace, startsPerDay }
}

function ask(loads: readonly Load[], more: Partial<AdviceBounds> = {}, pins: readonly Pin[] = []): readonly Advice[] {
  return advise(loads, { pins, bounds: { ...bounds, ...more } })
}

/** What is to be built, each as the names of its modules. */
function built(advice: readonly Advice[]): readonly string[] {
  return advice.filter(({ verdict }) => verdict === 'build').map(nameOf)
}

const nameOf = ({ imports }: Advice): string =>
  imports
    .map(({ module }) => module)
    .sort()
    .join('+') || 'base'
const find = (advice: readonly Advice[], name: string) => advice.find((one) => nameOf(one) === name)

describe('advise()', () => {
  it('builds nothing for nothing', () => {
    expect(built(ask([]))).to.deep.equal([])
  })

  it('builds an image for what is used, and the base image for what needs nothing', () => {
    const advice = ask([load(torch, 4), load({}, 100)])
    expect(built(advice)).to.have.members(['numpy+torch', 'base'])
    expect(find(advice, 'numpy+torch')?.savedSecondsPerDay).to.be.closeTo(4 * 1.34, 0.2)
  })

  it('builds what saves most for its memory first', () => {
    const loads = [load(pandas, 10), load({ six: 60 }, 1)]
    expect(built(ask(loads, { budgetBytes: 70 * MB }))).to.deep.equal(['numpy+pandas'])
    expect(find(ask(loads, { budgetBytes: 70 * MB }), 'six')?.verdict).to.equal('over-budget')
  })

  it('leaves an image that another holds and serves as well', () => {
    const advice = ask([load(pandas, 50), load({ pandas: 350 }, 50)])
    expect(built(advice)).to.deep.equal(['numpy+pandas'])
    const cheap = ask([load({ numpy: 150, six: 10 }, 100), load(numpy, 100)])
    expect(built(cheap)).to.deep.equal(['numpy+six'])
    expect(find(cheap, 'numpy')?.verdict).to.equal('covered-by-another')
  })

  it('keeps an image beside one that would be mostly waste for it', () => {
    expect(built(ask([load(torch, 50), load(numpy, 50)]))).to.have.members(['numpy+torch', 'numpy'])
  })

  it('builds one image for two sets where memory is too short for two', () => {
    const loads = [load({ six: 300 }, 50), load({ numpy: 300 }, 50)]
    expect(built(ask(loads, { budgetBytes: 75 * MB }))).to.deep.equal(['numpy+six'])
  })

  it('builds what is pinned first, whatever it saves', () => {
    const pins = [{ want: aWant({ six: 60 }), namespace: '' }]
    expect(built(ask([load(torch, 50)], {}, pins))).to.deep.equal(['six', 'numpy+torch'])
    const [first] = ask([load(torch, 50)], { budgetBytes: 5 * MB }, pins)
    expect(first).to.include({ isPinned: true, verdict: 'over-budget', savedSecondsPerDay: 0 })
  })

  it('imports all that anybody wants of its packages', () => {
    const advice = ask([load({ 'torch.nn': 900, numpy: 100 }, 50), load({ 'torch.hub': 950 }, 1)])
    expect(built(advice)[0]?.split('+')).to.have.members(['torch.nn', 'numpy', 'torch.hub'])
  })

  it('gives each namespace images of its own', () => {
    const advice = ask([load(torch, 5, 'a'), load(torch, 5, 'b')])
    const namespaces = advice.filter(({ verdict }) => verdict === 'build').map(({ namespace }) => namespace)
    expect(namespaces).to.have.members(['a', 'b'])
  })

  it('considers only what the present build holds, and what an engine serves', () => {
    const old = { want: aWant(torch, { runtimeBuild: 'old' }), namespace: '', startsPerDay: 50 }
    const other = { want: aWant(torch, { kind: 'python:2' }), namespace: '', startsPerDay: 50 }
    expect(ask([old, other])).to.deep.equal([])
    expect(ask([load(torch, 50)], { serves: () => false })).to.deep.equal([])
  })

  it('leaves what was found unsuitable, and what saves too little', () => {
    const isUnsuitable: AdviceBounds['isUnsuitable'] = (imports) => imports.some(({ module }) => module === 'torch')
    expect(built(ask([load(torch, 50), load(numpy, 50)], { isUnsuitable }))).to.deep.equal(['numpy'])
    expect(find(ask([load(numpy, 0.1)]), 'numpy')?.verdict).to.equal('saves-too-little')
  })

  it('goes by what is loaded in a live image', () => {
    const loads = [load({ six: 500 }, 50), load(numpy, 50)]
    const loadedOf: AdviceBounds['loadedOf'] = (imports) =>
      imports.some(({ module }) => module === 'six') ? new Set(['six', 'numpy']) : undefined
    expect(built(ask(loads))).to.deep.equal(['numpy+six'])
    expect(built(ask(loads, { loadedOf }))).to.deep.equal(['six'])
  })
})
