import { expect } from 'chai'
import { after, checkMove, isIdleWarm, type Phase } from '../../../invoker/pool/phases.ts'

const phases = Object.keys(after) as Phase[]

describe('the phases of a slot', () => {
  it('lead from every phase to gone', () => {
    const ends = (phase: Phase, seen: readonly Phase[] = []): boolean =>
      phase === 'gone' || after[phase].some((next) => !seen.includes(next) && ends(next, [...seen, phase]))
    expect(phases.filter((phase) => !ends(phase))).to.deep.equal([])
  })

  it('let every slot that is not gone be removed', () => {
    const removable = phases.filter((phase) => (after[phase] as readonly Phase[]).includes('removing'))
    expect(phases.filter((phase) => !removable.includes(phase))).to.deep.equal(['removing', 'gone'])
  })

  it('refuse an illegal move, and name both ends and the choices', () => {
    expect(() => checkMove('gone', 'ready')).to.throw(
      'Cannot move a slot from "gone" to "ready": allowed next phases are none',
    )
    expect(() => checkMove('ready', 'paused')).to.throw('allowed next phases are busy, pausing, removing')
    expect(() => checkMove('ready', 'busy')).not.to.throw()
  })

  it('are idle and warm between two activations only', () => {
    expect(phases.filter(isIdleWarm)).to.deep.equal(['settling', 'ready', 'pausing', 'paused'])
  })
})
