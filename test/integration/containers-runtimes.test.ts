import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import type { RuncFactory } from '../../invoker/adapters/runc/factory.ts'
import type { Json } from '../../invoker/domain/json.ts'
import type { RuntimeLaunch } from '../../invoker/domain/runtime-launch.ts'
import type { Container } from '../../invoker/ports/containers.ts'
import { aRuncFactory, skip, whyNoRunc } from '../support/factories.ts'
import { launchHere } from '../support/runtime-languages.ts'
import { aSpec } from '../support/tiny-runtime.ts'

const never = new AbortController().signal

const actions = {
  'python:3':
    'import sys\ndef main(args):\n  print("hello", args["name"])\n  print("oops", file=sys.stderr)\n  return {"greeting": "Hello " + args["name"]}\n',
  'nodejs:20':
    'const main = ({ name }) => { console.log("hello", name); console.error("oops"); return { greeting: "Hello " + name } }',
}

async function post(
  container: Container,
  path: string,
  body: Json,
): Promise<{ readonly status: number; readonly body: Json }> {
  const { endpoint } = container
  const bytes = Buffer.from(JSON.stringify(body))
  const headers = { 'content-type': 'application/json', 'content-length': bytes.length }
  const sent = request({ ...('socketPath' in endpoint ? endpoint : {}), method: 'POST', path, headers, agent: false })
  sent.end(bytes)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, body: JSON.parse(await text(response)) }
}

describe('our runtimes in a container', () => {
  const launches = new Map<string, RuntimeLaunch>()
  let factory: RuncFactory

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    for (const kind of Object.keys(actions)) launches.set(kind, await launchHere(kind))
    factory = aRuncFactory({ launchOf: (kind) => launches.get(kind) })
    await factory.start()
  })
  after(async () => {
    await factory?.stop()
  })

  for (const [kind, code] of Object.entries(actions)) {
    it(`${kind} initialises, runs and prints under every restriction`, async () => {
      const container = await factory.create(aSpec({ kind }), never)
      const init = { name: 'hello', main: 'main', binary: false, code, env: {} }
      expect((await post(container, '/init', { value: init })).status).to.equal(200)
      for (const name of ['Ada', 'Bob']) {
        expect(await post(container, '/run', { value: { name } })).to.deep.equal({
          status: 200,
          body: { greeting: `Hello ${name}` },
        })
        const { lines, end } = await container.logs.take({
          awaitSentinels: true,
          limitBytes: 1e6,
          idleMs: 5000,
          timeoutMs: 60_000,
        })
        expect(end).to.equal('sentinels')
        expect(lines.map(({ stream, text }) => `${stream}: ${text}`).sort()).to.deep.equal([
          'stderr: oops',
          `stdout: hello ${name}`,
        ])
      }
      await container.destroy()
    })
  }

  it('C29: nodejs:20 clears garbage up within the memory of its container', async () => {
    const container = await factory.create(aSpec({ kind: 'nodejs:20', memoryMb: 128 }), never)
    const code = `function main() {
      let made = 0
      for (let i = 0; i < 200; i += 1) made += new Array(1e6).fill(i + 0.5).length
      for (let i = 0; i < 10; i += 1) made += Array.from({ length: 1e5 }, (_, n) => ({ n, text: 'x' + n })).length
      return { made }
    }`
    const init = { name: 'garbage', main: 'main', binary: false, code, env: {} }
    expect((await post(container, '/init', { value: init })).status).to.equal(200)
    expect(await post(container, '/run', { value: {} })).to.deep.equal({ status: 200, body: { made: 201e6 } })
    await container.destroy()
  })
})
