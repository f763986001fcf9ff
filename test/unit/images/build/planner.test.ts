import { expect } from 'chai'
import { LoadBook } from '../../../../invoker/images/advise/load-book.ts'
import { Planner, type PlannerOptions } from '../../../../invoker/images/build/planner.ts'
import type { PinnedImage } from '../../../../invoker/images/images-manifest.ts'
import { aManifest } from '../../../support/a-manifest.ts'
import { someImports } from '../../../support/a-recipe.ts'
import { pythonAction } from '../../../support/a-warm-swap.ts'
import { type ImageParts, imageParts } from '../../../support/image-parts.ts'

const kind = 'python:3'
const pinned: PinnedImage = { kind, packages: ['torch'], modules: [], stemCells: 3, isPinned: true }

describe('Planner', () => {
  const action = pythonAction('import pandas\n')
  let parts: ImageParts
  let loads: LoadBook

  beforeEach(async () => {
    parts = await imageParts()
    loads = new LoadBook({ isShared: true })
  })

  afterEach(() => parts.shelf.stop(AbortSignal.timeout(1000)))

  function planner(more: Partial<PlannerOptions> = {}): Planner {
    return new Planner({
      ...parts,
      ...{ loads, pins: { images: [] }, runtimes: aManifest(), isShared: true, isLearning: true },
      bounds: { wasteShare: 0.8, wasteBytes: 1e9, startMs: 150 },
      ...more,
    })
  }

  function wished(of: Planner): readonly string[] {
    const wishes = of.wishes(of.advice(parts.clock.now()))
    return wishes.map(({ namespace, recipe }) => [namespace, ...recipe.imports.map(({ module }) => module)].join(' '))
  }

  function start(namespace = ''): void {
    const { knowledge, clock } = parts
    for (let times = 0; times < 3; times += 1) {
      loads.note({ kind, scanned: knowledge.scan(action), namespace }, clock.now())
    }
  }

  function learn(): void {
    const { codeDigest } = parts.knowledge.scan(action)
    const profile = { codeDigest, kind, runtimeBuild: `build-of-${kind}`, imports: someImports(['pandas', 900]) }
    parts.knowledge.add({ type: 'profile', profile, updatedMs: 1 })
  }

  it('wants the base image of a kind that has an engine, with a stem cell', () => {
    const base = planner()
    expect(wished(base)).to.deep.equal([''])
    expect([...base.pinnedStems().values()]).to.deep.equal([1])
  })

  it('wants images for code that starts and whose imports are known, no others', () => {
    start()
    expect(wished(planner())).to.deep.equal([''])
    learn()
    expect(wished(planner())).to.deep.equal(['', ' pandas'])
    expect(wished(planner({ isLearning: false }))).to.deep.equal([''])
  })

  it('wants what the manifest names, and its stem cells', () => {
    const named = planner({ pins: { images: [pinned] } })
    expect(wished(named)).to.deep.equal(['', ' torch'])
    expect([...named.pinnedStems().values()]).to.deep.equal([1, 3])
  })

  it('has stem cells of what the manifest does not pin, but builds it for the load only', () => {
    const named = planner({ pins: { images: [{ ...pinned, isPinned: false }] } })
    expect(wished(named)).to.deep.equal([''])
    expect([...named.pinnedStems().values()]).to.deep.equal([1, 3])
  })

  it('says once what the manifest names and the runtime build lacks, and goes on without', () => {
    const named = planner({ pins: { images: [{ ...pinned, packages: ['bogus'] }, pinned] } })
    wished(named)
    expect(wished(named)).to.deep.equal(['', ' torch'])
    expect(parts.log.lines.map(({ event }) => event)).to.deep.equal(['image of the manifest left out'])
  })

  it('wants one for each namespace where they are not shared', () => {
    loads = new LoadBook({ isShared: false })
    learn()
    const own = planner({ isShared: false, pins: { images: [pinned] } })
    expect(wished(own)).to.deep.equal([])
    start('a')
    start('b')
    expect(wished(own)).to.include.members(['a torch', 'b torch', 'a pandas', 'b pandas'])
  })
})
