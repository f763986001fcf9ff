import { tmpdir } from 'node:os'
import { expect } from 'chai'
import { HttpActionClient } from '../../invoker/adapters/action-http/http-action-client.ts'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import { ProcessFactory } from '../../invoker/adapters/process/factory.ts'
import type { RuntimeLaunch } from '../../invoker/domain/runtime-launch.ts'
import { aLog } from '../support/a-log.ts'
import { aMessage } from '../support/a-message.ts'
import { anAction } from '../support/an-action.ts'
import { anInvoker } from '../support/an-invoker.ts'
import { eventually } from '../support/eventually.ts'
import { anInstance, kernel, openLogs } from '../support/factories.ts'
import { FakeLearner } from '../support/fake-images.ts'
import { launchHere, ownManifest } from '../support/runtime-languages.ts'

const programs: readonly { readonly kind: string; readonly code: string }[] = [
  { kind: 'nodejs:20', code: 'let calls = 0; function main() { calls += 1; return { calls } }' },
  { kind: 'python:3', code: 'calls = 0\ndef main(args):\n  global calls\n  calls += 1\n  return {"calls": calls}' },
]

describe('learning from a real runtime', () => {
  let factory: ProcessFactory
  let launches: ReadonlyMap<string, RuntimeLaunch>

  before(async () => {
    launches = new Map(await Promise.all(programs.map(async ({ kind }) => [kind, await launchHere(kind)] as const)))
    factory = new ProcessFactory({
      instance: anInstance(),
      stateDir: `${tmpdir()}/warmwhisk`,
      launchOf: (kind) => launches.get(kind),
      kernel,
      openLogs,
      log: aLog(),
    })
    await factory.start()
  })
  after(() => factory.stop())

  for (const { kind, code } of programs) {
    it(`takes what ${kind} recorded between two activations, which meet in one container`, async () => {
      const learner = new FakeLearner()
      const { core, send, records } = anInvoker([anAction({ exec: { kind, code, binary: false } })], {
        factory,
        actionClient: new HttpActionClient({ clock: systemClock }),
        clock: systemClock,
        manifest: { ...ownManifest(), kinds: new Map() },
        learner,
      })
      await core.start()
      await send(aMessage())
      await send(aMessage())
      await eventually('what was learned', () => learner.learned.length === 1)
      await core.stop(AbortSignal.timeout(5_000))
      expect(records.map(({ response }) => response.result)).to.deep.equal([{ calls: 1 }, { calls: 2 }])
      expect(JSON.parse(learner.learned[0]?.recorded.answer ?? '')).to.deep.equal({ imports: [] })
    })
  }
})
