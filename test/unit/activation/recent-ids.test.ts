import { expect } from 'chai'
import { RecentIds } from '../../../invoker/activation/recent-ids.ts'

describe('RecentIds', () => {
  it('knows the last ones, and forgets those long ago', () => {
    const ids = new RecentIds(3)
    for (let id = 0; id < 10; id += 1) ids.add(String(id))
    expect(['7', '8', '9'].every((id) => ids.has(id))).to.equal(true)
    expect(['0', '1', '2', '3'].some((id) => ids.has(id))).to.equal(false)
  })
})
