import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Step } from '../../invoker/activation/steps.ts'
import { startInvoker } from '../../invoker/build.ts'
import { readConfig } from '../../invoker/config/read-config.ts'
import { Deployment } from '../support/a-deployment.ts'
import { aMessage } from '../support/a-message.ts'
import { isFreeing, seenAck } from '../support/acks.ts'
import { crash, type Settled } from '../support/crash.ts'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { isAlive } from '../support/is-alive.ts'
import { checkout } from '../support/run-program.ts'
import { spawnServer } from '../support/server-process.ts'

const stoppedText = 'The invoker stopped while the action was running.'

/** What holds of each activation of a batch that is not run again: one slot freed, at most one run, stored as it was told. */
function expectOnce({ acks, record, runs }: Settled, isBlocking: boolean): void {
  expect(acks.filter(isFreeing).length, 'acks that free the slot').to.equal(1)
  const isInterrupted = acks.find(isFreeing)?.isSystemError === true
  expect(record).to.have.nested.property('response.statusCode', isInterrupted ? 3 : 0)
  if (isInterrupted) expect(record).to.have.nested.property('response.result.error', stoppedText)
  expect(runs).to.be.within(isInterrupted ? 0 : 1, 1)
  const told = acks.filter(({ statusCode }) => statusCode !== undefined)
  expect(
    told.map(({ statusCode }) => statusCode),
    'responses told',
  ).to.deep.equal(isBlocking ? [isInterrupted ? 3 : 0] : [])
}

describe('An invoker killed among many activations', () => {
  const messages = Array.from({ length: 40 }, (_, n) => ({ blocking: n % 2 === 0 }))
  const kills: readonly [Step, number][] = [
    ['started', 7],
    ['result-sent', 12],
    ['done', 20],
  ]

  for (const [step, times] of kills) {
    it(`when ${times} have reached "${step}", loses none and runs none twice`, async () => {
      const { activations, alive, takenLater } = await crash({ step, times, messages })
      for (const [n, settled] of activations.entries()) expectOnce(settled, n % 2 === 0)
      expect(alive).to.deep.equal([])
      expect(takenLater).to.deep.equal([])
    })
  }
})

describe('An invoker that is told to run at least once', () => {
  const settings = { WARMWHISK_JOURNAL_AT_LEAST_ONCE: 'true' }

  it('runs again what was cut short by a kill', async () => {
    const { activations } = await crash({ step: 'ran', settings })
    expect(activations.map(({ runs }) => runs)).to.deep.equal([2])
    const acks = activations[0]?.acks ?? []
    expect(acks.map(({ kind }) => kind)).to.deep.equal(['result', 'completion'])
    expect(acks[0]).to.deep.include({ statusCode: 0, result: { greeting: 'hi Ada' } })
    expect(activations[0]?.record).to.have.nested.property('response.statusCode', 0)
  })

  it('does not run again what had ended', async () => {
    const { activations } = await crash({ step: 'finished', settings })
    expect(activations.map(({ runs }) => runs)).to.deep.equal([1])
    expect(activations[0]?.acks.filter(isFreeing)).to.have.length(1)
  })
})

describe('The containers of a killed invoker', () => {
  let deployment: Deployment

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    deployment = await Deployment.start()
  })
  after(() => deployment?.stop())

  /** Processes in the containers of the deployment's invoker. */
  const processes = (): readonly number[] => {
    const folder = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup']
      .map((hierarchy) => join(hierarchy, `warmwhisk-wsk${deployment.name}0`))
      .find((one) => existsSync(one))
    if (folder === undefined) return []
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) =>
        readFileSync(join(folder, name, 'cgroup.procs'), 'utf8')
          .split('\n')
          .filter(Boolean),
      )
      .map(Number)
  }

  it('are removed when the next one starts, and so are its own when it stops', async () => {
    const env = { ...deployment.variables, WARMWHISK_CONTAINERS_FACTORY: 'runc', WARMWHISK_LOG_LEVEL: 'error' }
    const address = await deployment.storeAction('hello', 'function main() { return { pid: process.pid } }')
    await deployment.send(aMessage(address))
    const words = ['--import=tsx', 'test/support/crashing-server.ts', 'invoker', 'initialised']
    const doomed = spawnServer(words, { folder: deployment.folder, env })
    expect(await doomed.ended).to.equal('SIGKILL')
    const left = processes()
    expect(left.length).to.be.at.least(1)
    expect(left.filter(isAlive)).to.deep.equal(left)

    const invoker = await startInvoker(readConfig(env, { mode: 'invoker' }), { root: checkout, env: {} })
    try {
      expect(left.filter(isAlive)).to.deep.equal([])
      await eventually('an ack', async () => (await deployment.read('completed0')).length > 0)
    } finally {
      await invoker.stop(5_000)
    }
    expect(processes()).to.deep.equal([])
    const acks = (await deployment.read('completed0')).map(seenAck)
    expect(acks.map(({ kind }) => kind)).to.deep.equal(['combined'])
    expect(acks[0]).to.deep.include({ statusCode: 3, result: { error: stoppedText } })
  })
})
