import { expect } from 'chai'
import { Children } from '../../../../invoker/adapters/fork/children.ts'
import type { ProcessEnd } from '../../../../invoker/domain/process-end.ts'
import { type Deferred, deferred } from '../../../../invoker/lib/deferred.ts'

const exit = (code: number): ProcessEnd => ({ kind: 'exit', code })

describe('Children', () => {
  let asked: Map<number, Deferred<ProcessEnd>>
  let children: Children
  beforeEach(() => {
    asked = new Map()
    children = new Children({
      ended(pid) {
        const end = deferred<ProcessEnd>()
        asked.set(pid, end)
        return end.promise
      },
    })
  })

  it('end as their template says, while it lives', async () => {
    const end = children.add(7)
    children.ended(7, exit(3))
    expect(await end).to.deep.equal(exit(3))
    expect(asked.size).to.equal(0)
  })

  it('are asked of the kernel when their template is gone, those alone that it has not told of', async () => {
    const [told, left] = [children.add(7), children.add(8)]
    children.ended(7, exit(0))
    children.takeOver()
    children.takeOver()
    expect([...asked.keys()]).to.deep.equal([8])
    asked.get(8)?.resolve(exit(5))
    expect([await told, await left]).to.deep.equal([exit(0), exit(5)])
  })

  it('may be born when their template is gone already', async () => {
    children.takeOver()
    const end = children.add(9)
    asked.get(9)?.resolve(exit(1))
    expect(await end).to.deep.equal(exit(1))
  })

  it('end once, whoever says so again', async () => {
    const end = children.add(7)
    children.ended(7, exit(1))
    children.ended(7, exit(2))
    children.ended(8, exit(2))
    expect(await end).to.deep.equal(exit(1))
  })

  it('end in an unknown way when the kernel cannot say', async () => {
    const end = children.add(7)
    children.takeOver()
    asked.get(7)?.reject(new Error('no'))
    expect(await end).to.deep.equal({ kind: 'unknown' })
  })
})
