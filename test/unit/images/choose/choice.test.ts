import { expect } from 'chai'
import { chooseImage, type LiveView, savedMs } from '../../../../invoker/images/choose/choice.ts'
import { aWant } from '../../../support/an-inventory.ts'

const MB = 1024 * 1024
const bounds = { wasteShare: 0.8, wasteBytes: 256 * MB, startMs: 50 }

/** An image with these modules: names and times; the distribution is called as the top-level module, and is loaded with it. */
function image(key: string, imports: Readonly<Record<string, number>>, more: Partial<LiveView> = {}): LiveView {
  const { distributions } = aWant(imports)
  const loaded = new Set(Object.keys(imports).flatMap((module) => [module, module.split('.')[0] ?? '']))
  return {
    ...{ key, kind: 'python:3', runtimeBuild: 'build', distributions, loaded },
    ...{ residentBytes: 20 * MB, restoreMs: 10, ...more },
  }
}

const base = image('base', {}, { residentBytes: 10 * MB })
const numpy = image('numpy', { numpy: 150 }, { residentBytes: 30 * MB })
const science = image('science', { numpy: 150, pandas: 400, sklearn: 700 }, { residentBytes: 150 * MB })
const all = [base, numpy, science]
const choose = (imports: Readonly<Record<string, number>>, images: readonly LiveView[] = all) =>
  chooseImage(aWant(imports), { images, bounds })

describe('chooseImage()', () => {
  it('takes the image that covers most of the import time', () => {
    expect(choose({ numpy: 150, pandas: 400 })).to.equal('science')
    expect(choose({ numpy: 150 })).to.equal('numpy')
    expect(choose({ numpy: 150, unheard: 30 })).to.equal('numpy')
  })

  it('starts light functions from the base image', () => {
    expect(choose({})).to.equal('base')
    expect(choose({ unheard: 500 })).to.equal('base')
    expect(choose({}, [numpy, science])).to.equal(undefined)
  })

  it('takes the smaller of images that do as well', () => {
    const big = image('a big one', { numpy: 150 }, { residentBytes: 90 * MB, restoreMs: 9 })
    expect(choose({ numpy: 150 }, [big, numpy])).to.equal('numpy')
    expect(choose({ numpy: 150 }, [numpy, image('a twin', { numpy: 150 }, { residentBytes: 30 * MB })])).to.equal(
      'a twin',
    )
  })

  it('takes none of another kind or runtime build', () => {
    const others = [
      image('kind', { numpy: 150 }, { kind: 'python:3.11' }),
      image('build', { numpy: 150 }, { runtimeBuild: 'b' }),
    ]
    expect(choose({ numpy: 150 }, others)).to.equal(undefined)
  })

  it('takes none that takes longer than starting without', () => {
    expect(choose({ numpy: 20 }, [image('slow', { numpy: 20 }, { restoreMs: 70 })])).to.equal(undefined)
  })

  it('takes none that is mostly waste, by time or by size', () => {
    expect(choose({ numpy: 150 }, [science])).to.equal(undefined)
    const huge = image('huge', { numpy: 150, pandas: 400 }, { residentBytes: 2000 * MB })
    expect(choose({ numpy: 150 }, [huge])).to.equal(undefined)
    expect(choose({ numpy: 150, pandas: 400 }, [huge])).to.equal('huge')
  })

  it('takes one that has more than is needed, within the waste', () => {
    expect(choose({ pandas: 400 }, [base, science])).to.equal('science')
  })

  it('takes none that would hide what the code brings along', () => {
    const own = (...provides: readonly string[]) => aWant({ pandas: 400 }, { provides: new Set(provides) })
    const pandas = image('pandas', { numpy: 150, pandas: 400 })
    const from = (want: ReturnType<typeof own>) => chooseImage(want, { images: [base, pandas], bounds })
    expect(from(own('helper'))).to.equal('pandas')
    expect(from(own('helper', 'numpy'))).to.equal('base')
    expect(from({ ...own(), provides: 'unknown' })).to.equal('base')
  })

  it('prefers the module itself to its package', () => {
    const cluster = image('cluster', { 'sklearn.cluster': 700 })
    const linear = image('linear', { 'sklearn.linear_model': 700 }, { residentBytes: 60 * MB })
    expect(choose({ 'sklearn.linear_model': 700 }, [cluster, linear])).to.equal('linear')
    expect(choose({ 'sklearn.linear_model': 700 }, [cluster])).to.equal('cluster')
  })

  it('takes an image for code whose import times are only guessed', () => {
    const torch = image('torch', { torch: 1200 }, { residentBytes: 200 * MB })
    expect(choose({ 'torch.nn': 50 }, [base, torch])).to.equal('torch')
    expect(choose({ torch: 50, unheard: 50 }, [base, torch])).to.equal('torch')
  })

  it('knows what came along with others, and what did not', () => {
    const along = image('sklearn', { sklearn: 700 }, { loaded: new Set(['sklearn', 'numpy']) })
    expect(savedMs(aWant({ sklearn: 700, numpy: 150 }), { image: along, bounds })).to.equal(890)
    // It requires sympy, and has not imported it.
    const torch = image('torch', { torch: 1000 })
    const distributions = new Map([...torch.distributions, ['sympy', 0] as const])
    const want = aWant({ torch: 1000, sympy: 900 })
    expect(savedMs(want, { image: { ...torch, distributions }, bounds })).to.equal(1040)
  })
})
