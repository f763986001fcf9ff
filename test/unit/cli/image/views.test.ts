import { expect } from 'chai'
import { viewAdvice, viewDetails, viewLine, viewList } from '../../../../deploy/cli/image/views.ts'
import { MiB } from '../../../../invoker/domain/size.ts'
import type { AdvisedImage } from '../../../../invoker/ports/image-admin.ts'
import { anImage } from '../../../support/fake-image-admin.ts'

describe('what is shown of images', () => {
  it('is a table of all, with short ids', () => {
    const { residentBytes: _none, ...gone } = anImage('b', {
      kind: 'nodejs:20',
      engine: 'criu',
      packages: [],
      imported: [],
    })
    const images = [anImage('a', { isPinned: true }), { ...gone, state: 'evicted' as const, stemCells: 0 }]
    expect(viewList(images).split('\n')).to.deep.equal([
      'ID            KIND       ENGINE  STATE          MEMORY  WAITING  RESTORES  IMPORTS  PACKAGES',
      'aaaaaaaaaaaa  python:3   fork    live, pinned  45.3 MB        2        17   612 ms  numpy==1.24.2 pandas==1.5.3',
      'bbbbbbbbbbbb  nodejs:20  criu    evicted             -        0        17   612 ms  (the runtime alone)',
    ])
  })

  it('says how images come about where there are none', () => {
    expect(viewList([])).to.contain('No images yet').and.to.contain('image build --kind python:3 numpy')
  })

  it('is everything of one, with its imports and where it is', () => {
    const image = anImage('a', {
      reason: 'kept by the manifest',
      residencies: [
        { invoker: 'invoker0', state: 'live', since: 1_000_000, restores: 17, lastUsed: 1_055_000 },
        { invoker: 'invoker1', namespace: 'guest', state: 'failed', since: 0, restores: 0, reason: 'out of memory' },
      ],
    })
    const shown = viewDetails(image, 1_060_000)
    for (const line of [
      `id             ${'a'.repeat(64)}`,
      'here           live: kept by the manifest',
      'memory         45.3 MB',
      'built in       2.3 s',
      'sizes          40.0 MB anonymous, 120 MB of files, 321 mappings',
      'numpy   numpy    102 ms',
      'invoker0  (all)      live    60.0 s ago        17  5.0 s ago',
      'invoker1  guest      failed  18 min ago         0  never      out of memory',
    ]) {
      expect(shown.split('\n')).to.include(line)
    }
  })

  it('is what to build, best first, and the room there is', () => {
    const advised: AdvisedImage = {
      kind: 'python:3',
      packages: ['numpy==1.24.2', 'torch==1.13.1'],
      imported: ['torch==1.13.1'],
      modules: ['torch'],
      actions: 3,
      savedSecondsPerDay: 123.45,
      bytes: 180 * MiB,
      verdict: 'build',
      isPinned: false,
    }
    const images: readonly AdvisedImage[] = [
      advised,
      { ...advised, image: 'c'.repeat(64), state: 'live', verdict: 'over-budget' },
    ]
    expect(viewAdvice({ images, budgetBytes: 1024 * MiB, residentBytes: 45 * MiB }).split('\n')).to.deep.equal([
      'ID            ADVICE     STATE  KIND      ACTIONS  SAVED A DAY  MEMORY  PACKAGES',
      '-             keep live  new    python:3        3      123.5 s  180 MB  torch==1.13.1 and 1 more',
      'cccccccccccc  no room    live   python:3        3      123.5 s  180 MB  torch==1.13.1 and 1 more',
      '',
      'Images take 45.0 MB of 1024 MB.',
    ])
    expect(viewAdvice({ images: [], budgetBytes: MiB, residentBytes: 0 })).to.contain('Nothing to build')
  })

  it('is a line about what was done', () => {
    expect(viewLine(anImage('a'))).to.equal('aaaaaaaaaaaa (python:3, fork, 45.3 MB): numpy==1.24.2 pandas==1.5.3')
  })
})
