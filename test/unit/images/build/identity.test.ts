import { expect } from 'chai'
import { type ImageIdentity, imageFormat } from '../../../../invoker/domain/dependency-image.ts'
import { isFault } from '../../../../invoker/faults/fault.ts'
import { imageId, recipeFor } from '../../../../invoker/images/build/identity.ts'
import { anInventory } from '../../../support/an-inventory.ts'

const machine = { architecture: 'x64', cpu: 'cpu' }
const inventory = anInventory({
  numpy: {},
  scipy: { requires: ['numpy', 'absent'] },
  'scikit-learn': { modules: ['sklearn'], requires: ['scipy'] },
})

function identity(changes: Partial<ImageIdentity> = {}): ImageIdentity {
  const distributions = ['a', 'b'].map((name) => ({ name, version: '1', record: 'r' }))
  const rest = { kind: 'python:3', runtimeBuild: 'build', engine: 'fork', format: imageFormat, ...machine } as const
  return { ...rest, distributions, ...changes }
}

describe('imageId()', () => {
  it('is SHA-256, whatever the order of the distributions', () => {
    expect(imageId(identity())).to.match(/^[0-9a-f]{64}$/)
    expect(imageId(identity({ distributions: identity().distributions.toReversed() }))).to.equal(imageId(identity()))
  })

  it('is another for another anything', () => {
    const [first, second] = identity().distributions
    if (first === undefined || second === undefined) throw new Error('No distributions')
    const others: readonly Partial<ImageIdentity>[] = [
      { kind: 'python:3.11' },
      { runtimeBuild: 'other' },
      { architecture: 'arm64' },
      { cpu: 'other' },
      { engine: 'criu' },
      { format: imageFormat + 1 },
      { distributions: [first] },
      { distributions: [{ ...first, version: '2' }, second] },
      { distributions: [{ ...first, record: 's' }, second] },
      { distributions: [{ ...first, name: 'c' }, second] },
    ]
    const ids = [identity(), ...others.map((change) => identity(change))].map(imageId)
    expect(new Set(ids).size).to.equal(ids.length)
  })
})

describe('recipeFor()', () => {
  const recipe = (...modules: readonly (readonly [string, string])[]) =>
    recipeFor({
      inventory,
      machine,
      engine: 'fork',
      imports: modules.map(([module, distribution], ms) => ({ module, distribution, ms })),
    })

  it('names what is imported and all that it requires, as far as installed', () => {
    const { identity: of } = recipe(['sklearn', 'scikit-learn'])
    expect(of.distributions.map(({ name }) => name)).to.deep.equal(['numpy', 'scikit-learn', 'scipy'])
    expect(of).to.include({ kind: 'python:3', runtimeBuild: 'build', engine: 'fork', cpu: 'cpu', format: imageFormat })
  })

  it('is the same image whether a requirement is imported or comes along', () => {
    expect(recipe(['numpy', 'numpy'], ['sklearn', 'scikit-learn']).id).to.equal(recipe(['sklearn', 'scikit-learn']).id)
  })

  it('imports each module once, in order', () => {
    const { imports } = recipe(['sklearn', 'scikit-learn'], ['numpy', 'numpy'], ['sklearn', 'scikit-learn'])
    expect(imports.map(({ module, ms }) => [module, ms])).to.deep.equal([
      ['sklearn', 0],
      ['numpy', 1],
    ])
  })

  it('is the base image without imports', () => {
    expect(recipe().identity.distributions).to.deep.equal([])
  })

  it('says where to add what is not there', () => {
    expect(() => recipe(['absent', 'absent']))
      .to.throw('"absent" is not in the runtime build of "python:3": add it to the build')
      .and.satisfy((error: unknown) => isFault(error, 'IMAGE_BUILD'))
  })
})
