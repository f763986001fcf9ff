import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { expect } from 'chai'
import { HttpActionClient } from '../../invoker/adapters/action-http/http-action-client.ts'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import type { ActionConnection } from '../../invoker/ports/action-client.ts'

const namespace = `ww-peer-${process.pid}`
const here = `peer${process.pid}h`
const there = `peer${process.pid}c`
// A network of documentation (RFC 5737): no host has it.
const hostAddress = '198.51.100.1'
const address = '198.51.100.2'
const limits = { timeoutMs: 10_000, maxBytes: 1000, truncationBytes: 100 }
const tool = 'ip'
const ip = (...args: string[]): unknown => execFileSync(tool, args, { stdio: 'ignore' })

describe('HttpActionClient and a container with its own network', () => {
  let server: ChildProcess
  let connection: ActionConnection

  before(async function () {
    if (process.getuid?.() !== 0) {
      console.log('      skipped: only root may make network namespaces')
      this.skip()
    }
    ip('netns', 'add', namespace)
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', namespace)
    ip('address', 'add', `${hostAddress}/30`, 'dev', here)
    ip('link', 'set', here, 'up')
    ip('-n', namespace, 'address', 'add', `${address}/30`, 'dev', there)
    ip('-n', namespace, 'link', 'set', there, 'up')
  })
  after(() => {
    if (process.getuid?.() === 0) ip('netns', 'delete', namespace)
  })

  beforeEach(async () => {
    const program = resolve(import.meta.dirname, '../support/netns-peer.mjs')
    server = spawn(tool, ['netns', 'exec', namespace, process.execPath, program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (server.stdout) await once(server.stdout, 'data')
    connection = new HttpActionClient({ clock: systemClock }).connect({ host: address, port: 8080 })
  })
  afterEach(async () => {
    await connection.close()
    if (server.exitCode === null && server.signalCode === null) {
      server.kill()
      await once(server, 'exit')
    }
  })

  it('talks to it, each time on a connection of its own', async () => {
    for (const [path, call] of [
      ['/init', connection.init({ value: {} }, limits)],
      ['/run', connection.run({ value: {} }, limits)],
    ] as const) {
      const exchange = await call
      expect(exchange).to.include({ kind: 'answered', statusCode: 200 })
      expect(JSON.parse('body' in exchange ? exchange.body : '')).to.include({ path, connection: 'close' })
    }
  })

  it('takes chunks for no response, and passes 503 on', async () => {
    expect(await connection.run({ value: { how: 'chunked' } }, limits)).to.include({ kind: 'no-response' })
    expect(await connection.run({ value: { how: 'unhealthy' } }, limits)).to.include({ statusCode: 503 })
  })

  it('times out when it says nothing', async () => {
    const exchange = await connection.run({ value: { how: 'silent' } }, { ...limits, timeoutMs: 100 })
    expect(exchange.kind).to.equal('timeout')
  })

  it('sees it die, and then refuse', async () => {
    const exited = once(server, 'exit')
    expect(await connection.run({ value: { how: 'exit' } }, limits)).to.include({ kind: 'no-response' })
    // Its port is open until it is gone; the end of its connection can be seen before that.
    await exited
    expect(await connection.run({ value: {} }, limits)).to.include({ kind: 'refused' })
  })

  it('takes a port where nothing listens for a refusal', async function () {
    this.timeout(20_000)
    const nobody = new HttpActionClient({ clock: systemClock }).connect({ host: hostAddress, port: 9 })
    expect(await nobody.run({ value: {} }, limits)).to.include({ kind: 'refused' })
    await nobody.close()
  })
})
