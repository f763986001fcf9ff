import { expect } from 'chai'
import type { Producer } from 'kafkajs'
import { IdleContainers } from '../../bench/floor/idle-containers.ts'
import { Lane } from '../../bench/floor/lane.ts'
import { RuntimeConnection } from '../../bench/lib/runtime-connection.ts'

describe('Lane', () => {
  it('sends in order, and together what came while it was sending', async () => {
    const sent: string[][] = []
    const lane = new Lane(
      producer(async (values) => sent.push(values)),
      'completed0',
    )
    await Promise.all(['a', 'b', 'c'].map((value) => lane.send(value)))
    await lane.send('d')
    expect(sent).to.deep.equal([['a'], ['b', 'c'], ['d']])
  })

  it('tells each sender of a failure and goes on', async () => {
    let isBroken = true
    const lane = new Lane(
      producer(async () => {
        if (isBroken) throw new Error('no broker')
      }),
      'completed0',
    )
    const error = await lane.send('a').catch((reason: unknown) => reason)
    expect(error).to.be.an('error').with.property('message', 'no broker')
    isBroken = false
    await lane.send('b')
  })

  function producer(send: (values: string[]) => Promise<unknown>): Producer {
    const only: Pick<Producer, 'send'> = {
      send: async ({ messages }) => {
        await send(messages.map(({ value }) => String(value)))
        return []
      },
    }
    return only as Producer
  }
})

describe('IdleContainers', () => {
  it('gives the container that was used last, and makes others wait in line', async () => {
    const [a, b] = [new RuntimeConnection('/none/a'), new RuntimeConnection('/none/b')]
    const idle = new IdleContainers([a, b])
    expect(await idle.take()).to.equal(b)
    expect(await idle.take()).to.equal(a)
    const [first, second] = [idle.take(), idle.take()]
    idle.giveBack(b)
    idle.giveBack(a)
    expect([await first, await second]).to.deep.equal([b, a])
  })
})
