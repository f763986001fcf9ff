import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { Catalog } from '../../invoker/images/store/catalog.ts'
import type { ImageDemand } from '../../invoker/ports/images.ts'
import { aLog } from '../support/a-log.ts'
import { someImports } from '../support/a-recipe.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { codes, useWarmSwaps } from '../support/use-warm-swaps.ts'

const dayMs = 24 * 3_600_000

describe('Documents of dependency images', () => {
  const swaps = useWarmSwaps()

  it('are removed when nobody used them for 90 days, and stay while they are used', async () => {
    const catalog = new Catalog({ database: swaps.database, log: aLog() })
    await catalog.prepare()
    const of = { kind: 'python:3', runtimeBuild: 'build-of-python:3' }
    const digestOf = ({ action }: ImageDemand) => createHash('sha256').update(`${action.exec.code}`).digest('hex')
    const updatedMs = new FakeClock().now() - 91 * dayMs
    for (const [demand, module] of [
      [codes.torch, 'torch'],
      [codes.pillow, 'PIL'],
    ] as const) {
      const profile = { ...of, codeDigest: digestOf(demand), imports: someImports([module, 900]) }
      await catalog.save({ type: 'profile', profile, updatedMs })
    }
    const under = await swaps.make().start()
    await under.until('profiles are heard of', () => !under.images.isUnknown(codes.torch.action))
    under.images.started(codes.torch, 'restored')
    await under.elapse(3_600_000)
    const profiles = () => catalog.updated('profile', { ...of, sinceMs: 0, most: 10 })
    await under.until('one profile is left', async () => (await profiles()).length === 1)
    expect((await profiles())[0]?.profile.codeDigest).to.equal(digestOf(codes.torch))
  })
})
