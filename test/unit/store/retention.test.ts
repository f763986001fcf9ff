import { expect } from 'chai'
import { ActivationStore } from '../../../invoker/store/activations.ts'
import { Retention } from '../../../invoker/store/retention.ts'
import { aLog } from '../../support/a-log.ts'
import { anActivation } from '../../support/an-activation.ts'
import { eventually } from '../../support/eventually.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'

describe('Retention', () => {
  let directory: PouchDirectory

  before(async () => {
    directory = await pouchDirectory()
  })

  after(() => directory.stop())

  it('removes what is too old, step by step, and nothing else', async () => {
    const clock = new FakeClock()
    const documents = directory.databases.activations
    const activations = new ActivationStore({ activations: documents, clock, isStaleAllowed: false })
    const ages = [...Array.from({ length: 450 }, (_, n) => 7_200_000 + n), 3_599_000, 0]
    await Promise.all(ages.map((age) => activations.store(anActivation({ start: clock.now() - age }))))
    const retention = new Retention({ activations: documents, clock, log: aLog(), maxAgeMs: 3_600_000 })
    expect(await retention.sweep()).to.equal(450)
    expect(await activations.count({ namespace: 'guest' })).to.equal(2)

    retention.start()
    await eventually('the next sweep is due', () => clock.timers === 1)
    clock.pass(600_000)
    await eventually(
      'the one that became too old is gone',
      async () => (await activations.count({ namespace: 'guest' })) === 1,
    )
    await retention.stop()
    expect(clock.timers).to.equal(0)
  })
})
