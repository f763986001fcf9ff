import type { Step } from '../../invoker/activation/steps.ts'
import { startInvoker } from '../../invoker/build.ts'
import { readConfig } from '../../invoker/config/read-config.ts'
import type { ActivationMessage } from '../../invoker/domain/activation-message.ts'
import type { StoredDocument } from '../../invoker/ports/documents.ts'
import { Deployment } from './a-deployment.ts'
import { aMessage } from './a-message.ts'
import { isFreeing, type SeenAck, seenAck } from './acks.ts'
import { Diary } from './diary.ts'
import { eventually } from './eventually.ts'
import { checkout } from './run-program.ts'
import { spawnServer } from './server-process.ts'

/** When an invoker is killed, and what it has to do. */
export interface CrashPlan {
  /** Right after this step was taken… */
  readonly step: Step
  /** …by so many activations; by one unless given. */
  readonly times?: number
  /** Activations that wait for it: one that blocks unless given. */
  readonly messages?: readonly Partial<ActivationMessage>[]
  /** What else stands on the topic of the acks when the next invoker reads them back. */
  readonly noise?: readonly string[]
  /** Settings of both invokers, the killed one and the next. */
  readonly settings?: Readonly<Record<string, string>>
}

/** What became of an activation when a second invoker had settled what the killed one left. */
export interface Settled {
  readonly activationId: string
  readonly acks: readonly SeenAck[]
  readonly record: StoredDocument | undefined
  /** How often user code began to handle it. */
  readonly runs: number
}

/** What a crash came to. */
export interface Aftermath {
  readonly activations: readonly Settled[]
  /** Processes that ran user code and are still there. */
  readonly alive: readonly number[]
  /** Activations that a third invoker is handed: none, unless something was left uncommitted. */
  readonly takenLater: readonly string[]
}

/**
 * Kills an invoker at a step and lets a second one, with the same state, settle what was owed. Containers are plain processes:
 * user code leaves a line in a file for each activation, which no ack and no record can make up.
 */
export async function crash(plan: CrashPlan): Promise<Aftermath> {
  const deployment = await Deployment.start()
  try {
    const diary = new Diary(deployment.folder)
    const address = await deployment.storeAction('diarist', diary.action())
    const activate = async (changes: Partial<ActivationMessage> = {}): Promise<string> => {
      const message = aMessage({ ...address, ...changes })
      await deployment.send(message)
      return message.activationId
    }
    const sent = await Promise.all((plan.messages ?? [{}]).map(activate))
    const env = {
      ...deployment.variables,
      WARMWHISK_CONTAINERS_FACTORY: 'process',
      WARMWHISK_LOG_LEVEL: 'error',
      ...plan.settings,
    }
    await killAt(plan, { folder: deployment.folder, env })
    await deployment.sendTo('completed0', plan.noise ?? [])
    await taking(env, () => untilSettled(deployment, sent))
    const takenLater = await taking(env, async () => untilSettled(deployment, [await activate()]))

    const acks = (await deployment.read('completed0')).map(seenAck)
    const activations = sent.map(async (activationId) => ({
      activationId,
      acks: acks.filter((ack) => ack.activationId === activationId),
      record: await deployment.record(activationId),
      runs: diary.runsOf(activationId),
    }))
    return {
      activations: await Promise.all(activations),
      alive: diary.alive(),
      takenLater: takenLater.filter((id) => sent.includes(id)),
    }
  } finally {
    await deployment.stop()
  }
}

async function killAt(
  { step, times = 1 }: CrashPlan,
  at: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  const doomed = spawnServer(['--import=tsx', 'test/support/crashing-server.ts', 'invoker', step, String(times)], at)
  const end = await doomed.ended
  if (end !== 'SIGKILL') throw new Error(`The invoker ended with ${end}\n${doomed.printed()}`)
}

/** Runs an invoker in this process while `work` does, and gives the activations that it took. */
async function taking(env: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<readonly string[]> {
  const taken: string[] = []
  const onStep = (step: Step, id: string) => (step === 'received' ? void taken.push(id) : undefined)
  const invoker = await startInvoker(readConfig(env, { mode: 'invoker' }), { root: checkout, env: {}, onStep })
  try {
    await work()
  } finally {
    await invoker.stop(5_000)
  }
  return taken
}

async function untilSettled(deployment: Deployment, ids: readonly string[]): Promise<void> {
  await eventually('every activation is acked', async () => {
    const acks = (await deployment.read('completed0')).map(seenAck).filter(isFreeing)
    return ids.every((id) => acks.some(({ activationId }) => activationId === id))
  })
  for (const id of ids) {
    await eventually(`the record of ${id}`, async () => (await deployment.record(id)) !== undefined)
  }
}
