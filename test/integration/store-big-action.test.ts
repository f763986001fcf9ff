import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { ActionStore } from '../../invoker/store/actions.ts'
import { aLog } from '../support/a-log.ts'
import { anAction } from '../support/an-action.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { pouchDirectory } from '../support/pouch-directory.ts'
import { recordedManifest } from '../support/rest-server.ts'

describe('An action of 48 MB', () => {
  it('is written and read while others are served', async () => {
    const directory = await pouchDirectory()
    const { whisks } = directory.databases
    const actions = new ActionStore({ whisks, manifest: recordedManifest(), clock: new FakeClock(), log: aLog() })
    const { revision: _none, ...document } = anAction()
    await actions.save(document, 'small')
    const code = randomBytes(48 * 1024 * 1024).toString('base64')
    const exec = { kind: 'nodejs:20', binary: true }

    let served = 0
    const whileServing = async <T>(work: Promise<T>): Promise<T> => {
      let isDone = false
      const done = work.finally(() => {
        isDone = true
      })
      while (!isDone) {
        await actions.fetch('guest/hello', undefined)
        served += 1
      }
      return done
    }

    const revision = await whileServing(actions.save({ ...document, name: 'big', exec }, code))
    const servedWhileWriting = served
    const big = await whileServing(actions.fetch('guest/big', revision))
    expect(big?.exec.code === code).to.equal(true)
    // One piece of 48 MB would let no or one other through; slices of a megabyte let one through each.
    expect(servedWhileWriting).to.be.greaterThan(20)
    expect(served - servedWhileWriting).to.be.greaterThan(5)
    await directory.stop()
  })
})
