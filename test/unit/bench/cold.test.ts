import { expect } from 'chai'
import { burstOf } from '../../bench/burst/measure.ts'
import { functionFigures, stacksOf } from '../../bench/cold/figures.ts'
import type { BenchFunction } from '../../bench/cold/functions.ts'
import { stampsKey } from '../../bench/cold/instrument.ts'
import { partsOf } from '../../bench/cold/parts.ts'
import { sample } from '../../bench/cold/samples.ts'
import { type FirstRun, firstRunBy, readRun } from '../../bench/cold/start.ts'

/** A run from 1000 ms on, whose times are given from there. */
function aRun(start: string, { imported = 70, restoreMs = 0 } = {}): FirstRun {
  return {
    how: { start, restoreMs },
    sentMs: 1000,
    answeredMs: 1100,
    stamps: { entered: 1060, imported: 1000 + imported, begun: 1075, ended: 1090 },
    steps: { received: 1002, leased: 1050, ran: 1098 },
  }
}

function aFunction(name: string, weight: BenchFunction['weight']): BenchFunction {
  return { name, weight, kind: 'python:3', input: '{}', fresh: async () => ({ code: '', binary: false }) }
}

describe('partsOf()', () => {
  it('divides the whole request', () => {
    const parts = partsOf(aRun('restored', { restoreMs: 8 }))
    expect(parts).to.deep.equal({ api: 2, container: 40, restore: 8, init: 15, import: 10, run: 23, answer: 2 })
    expect(Object.values(parts).reduce((total, part) => total + part, 0)).to.equal(100)
  })

  it('counts no restore that was done before anybody asked', () => {
    expect(partsOf(aRun('warm-stem-cell', { restoreMs: 8 }))).to.include({ container: 48, restore: 0 })
  })
})

describe('readRun()', () => {
  const stamps = { entered: 11, imported: 12, begun: 13, ended: 14 }
  const invoked = { activationId: 'a', sentMs: 10, answeredMs: 15, result: { [stampsKey]: stamps } }

  it('takes the way from the annotation', () => {
    const annotations = { initTime: 3, warmwhisk: { start: 'restored', restoreMs: 7 } }
    expect(readRun({ ...invoked, annotations }, {})).to.deep.include({
      how: { start: 'restored', restoreMs: 7 },
      stamps,
    })
  })

  it('takes it from the time that the container took where the server tells no way', () => {
    const ways = [3, 80].map(
      (leased) => readRun({ ...invoked, annotations: { initTime: 3 } }, { received: 2, leased }).how.start,
    )
    expect(ways).to.deep.equal(['prewarmed', 'cold'])
  })

  it('refuses a warm run, a result without clock readings, and those of another clock', () => {
    expect(() => readRun({ ...invoked, annotations: {} }, {})).to.throw('the container was warm')
    const annotations = { initTime: 3 }
    expect(() => readRun({ ...invoked, result: {}, annotations }, {})).to.throw('no clock readings')
    expect(() => readRun({ ...invoked, sentMs: 12, annotations }, {})).to.throw('its clock is another')
  })
})

describe('firstRunBy()', () => {
  it('runs again until the start is as wanted, three times at most', async () => {
    const starts = ['cold', 'prewarmed', 'cold', 'cold', 'cold', 'prewarmed']
    const run = async (): Promise<FirstRun> => aRun(starts.shift() ?? 'none')
    expect((await firstRunBy('prewarmed', run)).how.start).to.equal('prewarmed')
    expect((await firstRunBy('prewarmed', run)).how.start).to.equal('cold')
    expect(starts).to.deep.equal(['prewarmed'])
  })
})

describe('sample()', () => {
  it('lets the arms take turns, another one first in each round', async () => {
    const order: string[] = []
    const run = async (arm: string, { name }: BenchFunction): Promise<FirstRun> => {
      order.push(`${name} ${arm}`)
      return aRun(arm)
    }
    const [samples] = await sample({
      rounds: 3,
      of: [{ function: aFunction('f', 'heavy'), arms: ['cold', 'ours'] }],
      run,
    })
    expect(order).to.deep.equal(['f cold', 'f ours', 'f ours', 'f cold', 'f cold', 'f ours'])
    expect(samples?.runs.ours?.map(({ how }) => how.start)).to.deep.equal(['ours', 'ours', 'ours'])
  })
})

describe('the figures of cold starts', () => {
  const runs = (imported: number): readonly FirstRun[] => [aRun('x', { imported }), aRun('x', { imported })]
  const samples = [
    { function: aFunction('slow', 'heavy'), runs: { cold: runs(70), prewarmed: runs(60), ours: runs(2) } },
    { function: aFunction('quick', 'light'), runs: { cold: runs(70), prewarmed: runs(60), ours: runs(35) } },
  ]

  it('compare each function with each other way, and judge it by its weight', () => {
    const figures = functionFigures(samples)
    const of = (id: string) => figures.find((figure) => figure.id === id)
    expect(of('start-cold-slow')).to.deep.include({ ratio: 35, goal: { atLeast: 15 }, met: true, isSpeedUp: true })
    expect(of('start-cold-quick')).to.deep.include({ ratio: 2, goal: { atLeast: 5 }, met: false })
    expect(of('start-prewarmed-quick')).to.deep.include({ goal: null, met: null })
    expect(of('request-cold-slow')).to.deep.include({ ratio: 1, met: false })
    expect(of('start-cold-heavy')).to.deep.include({ ratio: 35, samples: 1, goal: { atLeast: 30 } })
  })

  it('stack the parts of each function in each way', () => {
    const stacks = stacksOf(samples)
    expect(stacks.map(({ group, way }) => `${group} ${way}`)).to.include.members(['slow cold', 'quick ours'])
    expect(stacks[0]?.parts.map(({ part }) => part)).to.include.members(['container', 'import', 'init', 'run'])
  })
})

describe('burstOf()', () => {
  it('counts first lines per second from the first request to the last of them', () => {
    const later = { ...aRun('restored', { imported: 500 }), sentMs: 1001 }
    const { perSecond, firstLineMs, starts } = burstOf([aRun('warm-stem-cell'), aRun('restored'), later])
    expect([perSecond, firstLineMs]).to.deep.equal([6, [70, 70, 500]])
    expect(starts).to.deep.equal({ 'warm-stem-cell': 1, restored: 2 })
  })
})
