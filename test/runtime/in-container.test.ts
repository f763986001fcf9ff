import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { HttpActionClient } from '../../invoker/adapters/action-http/http-action-client.ts'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import type { RuncFactory } from '../../invoker/adapters/runc/factory.ts'
import { defaultConfinement } from '../../invoker/adapters/runc/options.ts'
import type { RuntimeLaunch } from '../../invoker/domain/runtime-launch.ts'
import type { ActionConnection, Exchange } from '../../invoker/ports/action-client.ts'
import type { Container, ContainerSpec } from '../../invoker/ports/containers.ts'
import { aZip } from '../support/a-zip.ts'
import { eventually } from '../support/eventually.ts'
import { aRuncFactory, skip, whyNoRunc } from '../support/factories.ts'
import { launchHere } from '../support/runtime-languages.ts'
import { resembles, sampleActions } from '../support/sample-actions.ts'

const limits = { timeoutMs: 20_000, maxBytes: 1024 * 1024, truncationBytes: 1024 * 1024 }
const client = new HttpActionClient({ clock: systemClock })
/** Never aborts. */
const { signal } = new AbortController()

function spec(kind: string): ContainerSpec {
  return {
    name: `wsktest_1_${kind.replace(/[:.]/g, '')}`,
    kind,
    memoryMb: 256,
    cpuShares: 256,
    env: { __OW_API_HOST: 'here' },
  }
}

function result(exchange: Exchange): unknown {
  return exchange.kind === 'answered' ? JSON.parse(exchange.body) : exchange
}

describe('the runtimes in runc containers', () => {
  const launches = new Map<string, RuntimeLaunch>()
  let factory: RuncFactory
  let container: Container | undefined
  let connection: ActionConnection | undefined

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    for (const kind of ['python:3', 'nodejs:20']) launches.set(kind, await launchHere(kind))
  })
  beforeEach(async () => {
    factory = aRuncFactory({
      launchOf: (kind) => launches.get(kind),
      confinement: { ...defaultConfinement, tmpBytes: 2 * 1024 * 1024 },
    })
    await factory.start()
  })
  afterEach(async () => {
    await connection?.close()
    await container?.destroy()
    await factory.stop()
  })

  async function inContainer(kind: string): Promise<{ container: Container; connection: ActionConnection }> {
    await connection?.close()
    await container?.destroy()
    container = await factory.create(spec(kind), signal)
    connection = client.connect(container.endpoint)
    return { container, connection }
  }

  for (const name of ['hello', 'thumbnail']) {
    it(`run the sample "${name}", and their logs end with sentinels`, async () => {
      for (const action of await sampleActions([name])) {
        const here = await inContainer(action.kind)
        const value = { main: 'main', code: action.code, binary: action.binary, env: {} }
        expect(await here.connection.init({ value }, limits)).to.include({ statusCode: 200 })
        for (const one of action.cases) {
          const got = result(await here.connection.run({ value: one.input }, limits))
          expect(resembles(got, one.output), `${action.name} ${one.name}: ${JSON.stringify(got)}`).to.equal(true)
          const awaited = { awaitSentinels: true, limitBytes: 1024 * 1024, idleMs: 10_000, timeoutMs: 60_000 }
          const { lines, end } = await here.container.logs.take(awaited)
          expect(end).to.equal('sentinels')
          expect(lines.map(({ text }) => text)).to.have.length(name === 'hello' ? 1 : 0)
        }
      }
    })
  }

  it('C12: refuse an archive that needs more than is free', async () => {
    const noise = { 'noise.bin': randomBytes(3 * 1024 * 1024) }
    for (const [kind, entry] of [
      ['python:3', { '__main__.py': 'def main(a):\n    return a' }],
      ['nodejs:20', { 'index.js': 'exports.main = (a) => a' }],
    ] as const) {
      const here = await inContainer(kind)
      const value = { main: 'main', code: await aZip({ ...entry, ...noise }), binary: true, env: {} }
      const exchange = await here.connection.init({ value }, limits)
      expect(exchange).to.include({ statusCode: 502 })
      expect(JSON.stringify(result(exchange))).to.match(/it needs \d+ bytes, and \d+ are free/)
    }
  })

  it('C27: tell the invoker that user code exited, by a broken connection', async () => {
    for (const [kind, code] of [
      ['python:3', 'import os\ndef main(a):\n    os._exit(1)'],
      ['nodejs:20', 'function main() { process.exit(1) }'],
    ] as const) {
      const here = await inContainer(kind)
      await here.connection.init({ value: { main: 'main', code, binary: false, env: {} } }, limits)
      expect(await here.connection.run({ value: {} }, limits)).to.include({ kind: 'no-response' })
      const again = here.connection
      // The kernel closes a process's connections and its listening socket in no certain order.
      await eventually('a refusal', async () => (await again.run({ value: {} }, limits)).kind === 'refused')
    }
  })
})
