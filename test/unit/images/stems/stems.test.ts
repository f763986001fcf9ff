import { expect } from 'chai'
import { Stems } from '../../../../invoker/images/stems/stems.ts'
import type { StemTarget } from '../../../../invoker/ports/images.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { aTarget } from '../../../support/fake-images.ts'

describe('Stems', () => {
  let clock: FakeClock
  let wanted: readonly StemTarget[]
  let stems: Stems
  let calls: number

  beforeEach(() => {
    clock = new FakeClock()
    wanted = []
    calls = 0
    stems = new Stems({ clock, count: () => wanted })
  })

  afterEach(() => stems.stop())

  it('counts soon, and again every second, and calls back only when something is different', () => {
    const end = stems.listen(() => {
      calls += 1
    })
    stems.soon()
    stems.soon()
    expect(clock.timers).to.equal(1)
    wanted = [aTarget('a', 1)]
    clock.pass(10)
    expect([calls, stems.targets]).to.deep.equal([1, wanted])
    clock.pass(5000)
    expect(calls).to.equal(1)
    wanted = [aTarget('a', 2)]
    clock.pass(1000)
    expect(calls).to.equal(2)
    end()
    wanted = []
    clock.pass(1000)
    expect([calls, stems.targets]).to.deep.equal([2, []])
  })

  it('wants none after it has stopped', () => {
    wanted = [aTarget('a', 1)]
    stems.soon()
    clock.pass(10)
    stems.stop()
    stems.soon()
    clock.pass(5000)
    expect([stems.targets, clock.timers]).to.deep.equal([[], 0])
  })
})
