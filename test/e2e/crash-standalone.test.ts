import { expect } from 'chai'
import type { Step } from '../../invoker/activation/steps.ts'
import { Diary } from '../support/diary.ts'
import { eventually } from '../support/eventually.ts'
import { asGuest, type GuestClient } from '../support/guest-client.ts'
import { spawnServer } from '../support/server-process.ts'
import { tempDirectory } from '../support/temp-directory.ts'
import { withServer } from '../support/whole-server.ts'

const count = 12

/** What a killed server had said by then. */
interface Promised {
  /** Activations that were answered with 202. */
  readonly accepted: readonly string[]
}

/** Starts a server in a process of its own, invokes an action again and again, and sees the server kill itself at a step. */
async function untilKilled(
  { step, times }: { readonly step: Step; readonly times: number },
  { folder, diary }: { readonly folder: string; readonly diary: Diary },
): Promise<Promised> {
  const env = {
    WARMWHISK_STORE_DATA_DIR: folder,
    WARMWHISK_API_PORT: '0',
    WARMWHISK_CONTAINERS_FACTORY: 'process',
    WARMWHISK_LOG_LEVEL: 'error',
  }
  const words = ['--import=tsx', 'test/support/crashing-server.ts', 'standalone', step, `${times}`]
  const server = spawnServer(words, { folder, env })
  const serving = () => /^serves (.*)$/m.exec(server.printed())?.[1]
  await Promise.race([eventually('the server serves', () => serving() !== undefined), server.ended])
  const guest = asGuest(JSON.parse(serving() ?? '{}'))
  await guest.ask('PUT actions/diarist', { exec: { kind: 'nodejs:20', code: diary.action(50) } })
  const answers = Array.from({ length: count }, () => invoke(guest))
  const accepted = (await Promise.all(answers)).filter((id) => id !== undefined)
  expect(await server.ended, server.printed()).to.equal('SIGKILL')
  return { accepted }
}

/** The id of an activation that was accepted; undefined where the server died before it answered. */
async function invoke(guest: GuestClient): Promise<string | undefined> {
  try {
    const { status, json } = await guest.ask('POST actions/diarist', { name: 'Ada' })
    return status === 202 ? String(json.activationId) : undefined
  } catch {
    // It promised nothing.
    return undefined
  }
}

describe('Standalone, killed', () => {
  const kills: readonly [Step, number][] = [
    ['received', count],
    ['started', 3],
    ['ran', 4],
    ['done', 6],
  ]

  for (const [step, times] of kills) {
    it(`when ${times} have reached "${step}", keeps what it answered with 202`, async () => {
      const directory = await tempDirectory()
      const folder = directory.path
      const diary = new Diary(folder)
      const { accepted } = await untilKilled({ step, times }, { folder, diary })
      expect(accepted, 'activations that were answered with 202').not.to.deep.equal([])
      const settings = { 'store.dataDir': folder, 'containers.factory': 'process' }
      await withServer({ settings }, async (server) => {
        const guest = asGuest(server)
        for (const id of accepted) {
          const path = `GET activations/${id}`
          await eventually(`the record of ${id}`, async () => (await guest.ask(path)).status === 200)
          const { response } = (await guest.ask(path)).json as { response: Record<string, unknown> }
          const isInterrupted = response.status === 'whisk internal error'
          expect(response.result).to.deep.equal(
            isInterrupted ? { error: 'The invoker stopped while the action was running.' } : { greeting: 'hi Ada' },
          )
          expect(diary.runsOf(id)).to.be.within(isInterrupted ? 0 : 1, 1)
        }
        const again = await guest.ask('POST actions/diarist?blocking=true&result=true', { name: 'Bob' })
        expect(again.json).to.deep.equal({ greeting: 'hi Bob' })
      })
      expect(diary.alive()).to.deep.equal([])
      await directory.remove()
    })
  }
})
