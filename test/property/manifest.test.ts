import { expect } from 'chai'
import fc from 'fast-check'
import { type Manifest, parseManifest, resolveKind } from '../../invoker/domain/manifest.ts'
import { isFault } from '../../invoker/faults/fault.ts'

/** The manifest, or undefined where it is refused; anything but a fault is a failure. */
function parsed(json: unknown): Manifest | undefined {
  try {
    return parseManifest(json)
  } catch (error) {
    if (isFault(error, 'SETTINGS_WRONG')) return undefined
    throw error
  }
}

const { array, boolean, constantFrom, dictionary, jsonValue, option, property, record, string } = fc
const family = constantFrom('nodejs', 'python', 'go', 'java')
const entry = record(
  {
    kind: constantFrom('a:1', 'a:2', 'A:2', 'b:1', 'b:2', ' c:1'),
    image: record({ prefix: string(), name: string(), tag: string() }, { requiredKeys: ['name'] }),
    default: boolean(),
    deprecated: boolean(),
    stemCells: array(record({ count: constantFrom(0, 1, 2), memory: constantFrom('256 MB', '1 GB', 'much') })),
  },
  { requiredKeys: ['kind', 'image'] },
)
const manifest = record({
  runtimes: dictionary(family, array(entry, { maxLength: 4 })),
  blackboxes: option(array(jsonValue())),
})

describe('parseManifest(), whatever it is given', () => {
  it('accepts or refuses, and never fails otherwise', () => {
    fc.assert(property(jsonValue(), (json) => void parsed(json)))
  })

  it('accepts only manifests in which each family has exactly one default, which its name finds', () => {
    fc.assert(
      property(manifest, (json) => {
        const accepted = parsed(json)
        if (accepted === undefined) return
        for (const name of Object.keys(json.runtimes)) {
          const defaults = [...accepted.kinds.values()].filter((kind) => kind.family === name && kind.isDefault)
          expect(defaults).to.have.length(1)
          expect(resolveKind(accepted, `${name}:default`)).to.equal(defaults[0])
        }
      }),
    )
  })

  it('loses no kind, and finds each by its name in any case', () => {
    fc.assert(
      property(manifest, (json) => {
        const accepted = parsed(json)
        if (accepted === undefined) return
        const entries = Object.values(json.runtimes).flat()
        expect(accepted.kinds.size).to.equal(entries.length)
        for (const { kind } of entries) {
          expect(resolveKind(accepted, ` ${kind.toUpperCase()} `)?.kind).to.equal(kind.trim().toLowerCase())
        }
      }),
    )
  })

  it('accepts no stem cell without a count and a size', () => {
    fc.assert(
      property(manifest, (json) => {
        for (const kind of parsed(json)?.kinds.values() ?? []) {
          for (const cell of kind.stemCells) {
            expect(cell.initialCount).to.be.at.least(1)
            expect(cell.memoryMb).to.be.above(0)
          }
        }
      }),
    )
  })
})
