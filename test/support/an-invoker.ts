import { InvokerCore } from '../../invoker/activation/invoker-core.ts'
import { defaultSettings, type InvokerCoreOptions } from '../../invoker/activation/invoker-options.ts'
import type { ExecutableAction } from '../../invoker/domain/action.ts'
import type { WhiskActivation } from '../../invoker/domain/activation.ts'
import type { ActivationMessage } from '../../invoker/domain/activation-message.ts'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { aLog } from './a-log.ts'
import { aManifest } from './a-manifest.ts'
import { onTheWire } from './a-message.ts'
import { FakeClock } from './fake-clock.ts'
import { FakeContainers } from './fake-containers.ts'
import { FakeJournal } from './fake-journal.ts'
import { FakeMeter } from './fake-meter.ts'
import { InstantMessaging } from './instant-messaging.ts'
import { systemLimits } from './system-limits.ts'

/** What a test may replace of an invoker on fakes. */
export type InvokerParts = Partial<Omit<InvokerCoreOptions, 'settings'>> & {
  readonly settings?: Partial<InvokerCoreOptions['settings']>
  readonly topics?: InstantMessaging
  readonly notes?: FakeJournal
}

/** An invoker core whose outside is fake: a topic of messages, a shelf of actions, containers that are only remembered. */
export function anInvoker(actions: readonly ExecutableAction[], parts: InvokerParts = {}) {
  const messaging = parts.topics ?? new InstantMessaging()
  const containers = new FakeContainers()
  const journal = parts.notes ?? new FakeJournal()
  const clock = new FakeClock()
  const log = aLog()
  const meter = new FakeMeter()
  const records: WhiskActivation[] = []
  const taken: string[] = []
  const { settings, topics: _topics, notes: _notes, ...others } = parts
  const core = new InvokerCore({
    messaging,
    actions: { fetch: async (id) => actions.find(({ namespace, name }) => `${namespace}/${name}` === id) },
    activations: { store: async (record) => void records.push(record) },
    blacklist: { has: () => false },
    factory: containers,
    actionClient: containers,
    journal,
    manifest: aManifest(),
    limits: systemLimits,
    instance: {
      instance: 0,
      userMemory: '1073741824 B',
      instanceType: 'invoker',
      tags: [],
      dedicatedNamespaces: [],
      uniqueName: 'test',
    },
    clock,
    log,
    meter,
    unlock: (value) => value,
    onStep: (step) => taken.push(step),
    settings: { ...defaultSettings, ...settings },
    ...others,
  })
  /** Sends messages to the invoker; resolves when they are handled. */
  const send = async (...messages: readonly ActivationMessage[]): Promise<void> => {
    await Promise.all(messages.map((message) => messaging.send('invoker0', onTheWire(message))))
  }
  /** The acks for controller 0 so far. */
  const acks = (): readonly JsonObject[] => (messaging.topics.get('completed0') ?? []).map((text) => JSON.parse(text))
  return { core, messaging, containers, journal, clock, log, meter, records, taken, send, acks }
}
