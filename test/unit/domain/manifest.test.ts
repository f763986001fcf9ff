import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect } from 'chai'
import { parseManifest, resolveKind } from '../../../invoker/domain/manifest.ts'
import { isFault } from '../../../invoker/faults/fault.ts'
import { ownManifest } from '../../support/runtime-languages.ts'

const recorded: unknown = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../support/recorded/runtimes-manifest.json'), 'utf8'),
)
const image = { prefix: 'openwhisk', name: 'action', tag: 'nightly' }

/** The sentences of a refusal, without the first, which says what they are about. */
function problems(json: unknown): readonly string[] {
  try {
    parseManifest(json)
  } catch (error) {
    if (!isFault(error, 'SETTINGS_WRONG')) throw error
    return error.message.split('\n  ').slice(1)
  }
  return []
}

describe('parseManifest()', () => {
  it('reads the manifest of a real deployment', () => {
    const { kinds, blackboxes } = parseManifest(recorded)
    expect([...kinds.keys()]).to.include.members(['nodejs:20', 'python:3.10', 'java:8', 'go:1.20', 'rust:1.34'])
    expect(kinds.get('nodejs:20')).to.deep.equal({
      kind: 'nodejs:20',
      family: 'nodejs',
      image: 'openwhisk/action-nodejs-v20:nightly',
      isDefault: true,
      deprecated: false,
      attached: true,
      requireMain: false,
      sentinelledLogs: true,
      stemCells: [{ initialCount: 2, memoryMb: 256 }],
    })
    expect(kinds.get('java:8')).to.include({ requireMain: true })
    expect(kinds.get('nodejs:18')).to.include({ isDefault: false })
    expect(blackboxes).to.deep.equal(['openwhisk/dockerskeleton:nightly'])
  })

  it('reads our own', () => {
    const { kinds } = ownManifest()
    expect([...kinds.keys()]).to.deep.equal(['nodejs:20', 'python:3', 'python:3.11'])
    expect([...kinds.values()].every(({ host }) => host !== undefined)).to.equal(true)
  })

  it('reads reactive stem cells', () => {
    const reactive = { minCount: 1, maxCount: 4, ttl: '2 minutes', threshold: 1, increment: 1 }
    const stemCells = [{ initialCount: 2, memory: '256 MB', reactive }]
    const { kinds } = parseManifest({ runtimes: { nodejs: [{ kind: 'nodejs:20', image, stemCells }] } })
    expect(kinds.get('nodejs:20')?.stemCells).to.deep.equal([
      {
        initialCount: 2,
        memoryMb: 256,
        reactive: { minCount: 1, maxCount: 4, ttlMs: 120_000, threshold: 1, increment: 1 },
      },
    ])
  })

  it('joins an image from what is given', () => {
    const names = [
      { name: 'a' },
      { name: 'a', tag: '1' },
      { prefix: 'p', name: 'a' },
      { registry: 'r:5000', prefix: 'p', name: 'a', tag: '1' },
    ]
    expect(parseManifest({ runtimes: {}, blackboxes: names }).blackboxes).to.deep.equal([
      'a',
      'a:1',
      'p/a',
      'r:5000/p/a:1',
    ])
  })

  it('reads layers', () => {
    const layers = [{ source: '/srv/python' }, { source: 'packages', target: '/opt/packages' }]
    const host = { command: ['python3', 'main.py'], layers }
    const { kinds } = parseManifest({ runtimes: { python: [{ kind: 'python:3', image, host }] } })
    expect(kinds.get('python:3')?.host?.layers).to.deep.equal(layers)
  })

  it('refuses layers that are no places', () => {
    for (const [layer, problem] of [
      [{}, '[0].source: is missing, expected a text'],
      [{ source: 'a', target: 'b' }, '[0].target: is "b", expected an absolute path'],
      [{ source: 'a', target: '/b:/c' }, '[0].target: is "/b:/c", expected an absolute path'],
      [{ source: 'a', target: '/opt/../usr' }, '[0].target: is "/opt/../usr", expected an absolute path'],
    ] as const) {
      const host = { command: ['python3'], layers: [layer] }
      const [found] = problems({ runtimes: { python: [{ kind: 'python:3', image, host }] } })
      expect(found).to.contain(`runtimes.python[0].host.layers${problem}`)
    }
  })

  it('takes a family of one version for the default without a mark', () => {
    const { kinds } = parseManifest({ runtimes: { go: [{ kind: 'go:1.20', image }] } })
    expect(kinds.get('go:1.20')?.isDefault).to.equal(true)
  })

  it('wants exactly one default a family', () => {
    const family = (...marks: (boolean | undefined)[]): unknown => ({
      runtimes: {
        go: marks.map((mark, n) => ({ kind: `go:${n}`, image, ...(mark === undefined ? {} : { default: mark }) })),
      },
    })
    expect(problems(family(true, true))).to.deep.equal([
      'runtimes.go: 2 kinds are the default, a family has exactly one',
    ])
    expect(problems(family(undefined, undefined))[0]).to.contain('0 kinds are the default')
    expect(problems(family(false))[0]).to.contain('0 kinds are the default')
    expect(problems(family(true, undefined, false))).to.deep.equal([])
  })

  it('tells every problem, each with its place', () => {
    const stemCells = [
      { initialCount: 0, memory: '256' },
      { count: 1, memory: '1 MB', reactive: { minCount: 5, maxCount: 2, ttl: 'soon', threshold: 0, increment: 3 } },
    ]
    const kind = { kind: 7, image: {}, deprecated: 'no', stemCells, host: { command: [] } }
    expect(problems({ runtimes: { go: [kind] }, blackboxes: 'none' })).to.deep.equal([
      'runtimes.go[0].kind: is 7, expected a text',
      'runtimes.go[0].image.name: is missing, expected a text',
      'runtimes.go[0].deprecated: is "no", expected true or false',
      'runtimes.go[0].stemCells[0].initialCount: is 0, expected a whole number of at least 1',
      'runtimes.go[0].stemCells[0].memory: Cannot read the size "256": expected a whole number and a unit, such as "256 MB"',
      'runtimes.go[0].stemCells[1].reactive.ttl: Cannot read the duration "soon": expected a number and a unit, such as "2 minutes"',
      'runtimes.go[0].stemCells[1].reactive.threshold: is 0, expected a whole number of at least 1',
      'runtimes.go[0].stemCells[1].reactive.minCount: 5 is above maxCount 2',
      'runtimes.go[0].stemCells[1].reactive.increment: 3 is above maxCount 2',
      'runtimes.go[0].host.command: is empty, its first word names an interpreter',
      'blackboxes: is "none", expected an array',
    ])
  })

  it('refuses what is no manifest', () => {
    for (const json of [null, 7, 'x', [], {}, { runtimes: [] }, { runtimes: { go: {} } }, { runtimes: { go: [] } }]) {
      expect(problems(json), JSON.stringify(json)).not.to.have.length(0)
    }
  })

  it('refuses a kind that is there twice', () => {
    const runtimes = { go: [{ kind: 'go:1', image }], golang: [{ kind: 'GO:1', image }] }
    expect(problems({ runtimes })).to.deep.equal(['runtimes.golang: kind "go:1" is there twice'])
  })
})

describe('resolveKind()', () => {
  const manifest = parseManifest(recorded)

  it('trims, ignores case and finds the default of a family', () => {
    for (const [asked, found] of [
      ['nodejs:18', 'nodejs:18'],
      [' NodeJS:20 ', 'nodejs:20'],
      ['nodejs:default', 'nodejs:20'],
      ['python:default', 'python:3.10'],
    ] as const) {
      expect(resolveKind(manifest, asked)?.kind).to.equal(found)
    }
  })

  it('does not find what is not there', () => {
    for (const asked of ['nodejs', 'nodejs:6', 'cobol:default', '', ':default', 'no-de:default']) {
      expect(resolveKind(manifest, asked), asked).to.equal(undefined)
    }
  })
})
