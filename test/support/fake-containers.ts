import type { Restored } from '../../invoker/domain/dependency-image.ts'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { deferred } from '../../invoker/lib/deferred.ts'
import type { ActionClient, ActionConnection, Exchange, ExchangeLimits } from '../../invoker/ports/action-client.ts'
import type {
  Container,
  ContainerFactory,
  ContainerLogs,
  ContainerSpec,
  Endpoint,
  LogLine,
  LogTake,
  TakenLogs,
} from '../../invoker/ports/containers.ts'

/** One request that a container got. */
export interface SeenRequest {
  readonly path: '/init' | '/run' | '/learn' | '/imports'
  readonly body: JsonObject
  readonly limits: ExchangeLimits
}

/** What a test may change of how containers behave. */
export interface Behaviour {
  create(spec: ContainerSpec): void | Promise<void>
  init(container: FakeContainer, body: JsonObject): Exchange | Promise<Exchange>
  run(container: FakeContainer, body: JsonObject): Exchange | Promise<Exchange>
  logs(container: FakeContainer, take: LogTake): TakenLogs | Promise<TakenLogs>
  pause(container: FakeContainer): void | Promise<void>
  resume(container: FakeContainer): void | Promise<void>
  destroy(container: FakeContainer): void | Promise<void>
  resize(container: FakeContainer): void
  learn(container: FakeContainer): Exchange | Promise<Exchange>
  imports(container: FakeContainer): Exchange | Promise<Exchange>
  isOutOfMemory: boolean
}

/** An answer with a JSON body. */
export function answers(body: unknown, statusCode = 200, elapsedMs = 5): Exchange {
  return { kind: 'answered', statusCode, body: JSON.stringify(body), elapsedMs }
}

/** A line of output. */
export function line(text: string, stream: LogLine['stream'] = 'stdout'): LogLine {
  return { time: 1_767_225_600_123, stream, text }
}

const waysToAnswer = { '/init': 'init', '/run': 'run', '/learn': 'learn', '/imports': 'imports' } as const

/** A container that is only remembered. */
export class FakeContainer implements Container {
  readonly id: string
  readonly spec: ContainerSpec
  readonly endpoint: Endpoint
  readonly exited: Promise<string>
  readonly requests: SeenRequest[] = []
  state: 'running' | 'paused' | 'destroyed' = 'running'
  /** Its limits, where they were changed. */
  size: { readonly memoryMb: number; readonly cpuShares: number } | undefined
  readonly restored?: Restored
  readonly #exit = deferred<string>()
  readonly #gone = deferred()
  readonly #behaviour: Behaviour
  #destroying: Promise<void> | undefined

  constructor(spec: ContainerSpec, behaviour: Behaviour, restored?: Restored) {
    this.id = spec.name
    this.spec = spec
    this.endpoint = { socketPath: `/fake/${spec.name}` }
    this.exited = this.#exit.promise
    this.#behaviour = behaviour
    if (restored) this.restored = restored
  }

  get logs(): ContainerLogs {
    return { take: async (take) => this.#behaviour.logs(this, take), dropRest: () => undefined }
  }

  /** Ends the runtime, as a crash does. */
  exit(how: string): void {
    this.#exit.resolve(how)
    this.#gone.resolve()
  }

  async pause(): Promise<void> {
    await this.#behaviour.pause(this)
    this.state = 'paused'
  }

  async resume(): Promise<void> {
    await this.#behaviour.resume(this)
    this.state = 'running'
  }

  resize(size: { readonly memoryMb: number; readonly cpuShares: number }): void {
    this.#behaviour.resize(this)
    this.size = size
  }

  async wasOutOfMemory(): Promise<boolean> {
    return this.#behaviour.isOutOfMemory
  }

  destroy(): Promise<void> {
    this.#destroying ??= this.#destroy()
    return this.#destroying
  }

  /** Answers a request; when the container goes meanwhile, there is no answer. */
  async exchange(request: SeenRequest): Promise<Exchange> {
    this.requests.push(request)
    if (this.state === 'destroyed') return { kind: 'refused', elapsedMs: 0 }
    const answer = this.#behaviour[waysToAnswer[request.path]]
    const broken = this.#gone.promise.then((): Exchange => ({ kind: 'no-response', elapsedMs: 1 }))
    return Promise.race([answer(this, request.body), broken])
  }

  async #destroy(): Promise<void> {
    await this.#behaviour.destroy(this)
    this.state = 'destroyed'
    this.exit('it was destroyed')
  }
}

/** Containers without a machine: a factory and the client that reaches what it made. */
export class FakeContainers implements ContainerFactory, ActionClient {
  readonly name = 'fake'
  /** Every container that was ever made. */
  readonly made: FakeContainer[] = []
  readonly behaviour: Behaviour = {
    create: () => undefined,
    init: () => answers({ ok: true }),
    run: (_container, { value }) => answers(value ?? {}),
    logs: () => ({ lines: [], end: 'sentinels' }),
    pause: () => undefined,
    resume: () => undefined,
    destroy: () => undefined,
    resize: () => undefined,
    learn: () => answers({ ok: true }),
    imports: () => answers({ imports: [] }),
    isOutOfMemory: false,
  }

  /** Those that are not destroyed. */
  get alive(): readonly FakeContainer[] {
    return this.made.filter(({ state }) => state !== 'destroyed')
  }

  create(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    return this.make(spec, { signal, work: async () => this.behaviour.create(spec) })
  }

  /** Makes a container once `work` is done, unless the signal aborts before. */
  async make(
    spec: ContainerSpec,
    how: { readonly signal: AbortSignal; readonly work: () => Promise<void>; readonly restored?: Restored },
  ): Promise<Container> {
    const { signal, work, restored } = how
    const stopped = deferred<never>()
    signal.addEventListener('abort', () => stopped.reject(signal.reason))
    await Promise.race([work(), stopped.promise])
    const container = new FakeContainer(spec, this.behaviour, restored)
    this.made.push(container)
    return container
  }

  async removeLeftovers(): Promise<number> {
    return 0
  }

  async stop(): Promise<void> {
    await Promise.all(this.alive.map((container) => container.destroy()))
  }

  connect(endpoint: Endpoint): ActionConnection {
    const container = this.made.find((one) => JSON.stringify(one.endpoint) === JSON.stringify(endpoint))
    const post = (path: SeenRequest['path'], body: JsonObject, limits: ExchangeLimits): Promise<Exchange> =>
      container ? container.exchange({ path, body, limits }) : Promise.resolve({ kind: 'refused', elapsedMs: 0 })
    return {
      init: (body, limits) => post('/init', body, limits),
      run: (body, limits) => post('/run', body, limits),
      learn: (limits) => post('/learn', {}, limits),
      imports: (limits) => post('/imports', {}, limits),
      close: async () => undefined,
    }
  }
}
