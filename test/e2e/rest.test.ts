import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { eventually } from '../support/eventually.ts'
import { HttpCaller } from '../support/replay-call.ts'
import { basicAuth } from '../support/subjects.ts'
import { tempDirectory } from '../support/temp-directory.ts'
import { withServer } from '../support/whole-server.ts'

const headers = { authorization: basicAuth('guest'), 'content-type': 'application/json' }
const path = (rest: string): string => `/api/v1/namespaces/_/${rest}`
const node = (code: string): string => JSON.stringify({ exec: { kind: 'nodejs:20', code } })

interface Answer {
  readonly status: number
  readonly json: JsonObject
}

/** Asks in the guest's name. */
function asking(caller: HttpCaller): (line: string, body?: string) => Promise<Answer> {
  return async (line, body) => {
    const [method = '', rest = ''] = line.split(' ')
    const answer = await caller.call({ method, path: path(rest), headers, body })
    return { status: answer.status, json: JSON.parse(answer.body.toString()) as JsonObject }
  }
}

/** Program that makes an action of 48 MB of code, and exits with 0 where that was answered with 200. */
const sendBig = `
const [url, authorization] = process.argv.slice(1)
const body = JSON.stringify({ exec: { kind: 'nodejs:20', code: 'QUJD'.repeat(12 * 1024 * 1024) } })
const headers = { authorization, 'content-type': 'application/json' }
fetch(url, { method: 'PUT', headers, body }).then(async (answer) => {
  await answer.arrayBuffer()
  process.exit(answer.status === 200 ? 0 : 1)
})`

describe('a whole server under odd requests', () => {
  it('finishes what it began when the client goes away', async () => {
    await withServer({}, async ({ url }) => {
      const caller = new HttpCaller(url)
      const ask = asking(caller)
      await ask('PUT actions/slow', node('const main = () => new Promise((ok) => setTimeout(ok, 300, { done: true }))'))
      const going = request(`${url}${path('actions/slow?blocking=true')}`, { method: 'POST', headers })
      going.on('error', () => undefined)
      going.end('{}')
      await pause(50)
      going.destroy()
      await eventually('the record', async () => {
        const { json } = await ask('GET activations?docs=true')
        const [record] = json as unknown as readonly { readonly response: JsonObject }[]
        return (record?.response.result as JsonObject | undefined)?.done === true
      })
      caller.close()
    })
  })

  it('refuses what is too deep, too large, cut off or of another key, and goes on', async () => {
    await withServer({ settings: { 'throttles.invocationsPerMinute': '1000' } }, async ({ url }) => {
      const caller = new HttpCaller(url)
      const ask = asking(caller)
      await ask('PUT actions/echo', node('const main = (p) => p'))
      const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
      expect((await ask('POST actions/echo', deep)).json.error).to.contain('nested too deeply')
      expect((await ask('PUT actions/deep', deep)).json.error).to.contain('nested too deeply')
      const large = JSON.stringify({ a: 'x'.repeat(2_000_000) })
      expect(await ask('POST actions/echo', large)).to.deep.include({ status: 413 })
      expect((await ask('PUT actions/x', '{"exec":')).status).to.equal(400)
      const huge = `{"exec":{"kind":"nodejs:20","code":"${'a'.repeat(60_000_000)}"}}`
      expect((await ask('PUT actions/huge', huge)).status).to.equal(413)
      const wrong = { ...headers, authorization: basicAuth('wrongkey') }
      expect((await caller.call({ method: 'GET', path: path('actions'), headers: wrong })).status).to.equal(401)
      expect((await ask('POST actions/echo?blocking=true&result=true', '{"a":1}')).json).to.deep.equal({ a: 1 })
      caller.close()
    })
  })

  it('takes 48 MB of code while others run, and goes on answering them', async function () {
    this.timeout(120_000)
    await withServer({ settings: { 'throttles.invocationsPerMinute': '10000' } }, async ({ url }) => {
      const caller = new HttpCaller(url)
      const ask = asking(caller)
      await ask('PUT actions/echo', node('const main = (p) => p'))
      // From another process: to build and send so much stops this one, in which the server runs.
      const creating = spawn(process.execPath, ['-e', sendBig, `${url}${path('actions/big')}`, headers.authorization])
      const ended = once(creating, 'exit')
      const stalls = monitorEventLoopDelay({ resolution: 5 })
      stalls.enable()
      let count = 0
      for (; creating.exitCode === null; count += 1) {
        expect((await ask('POST actions/echo?blocking=true', '{}')).status).to.equal(200)
      }
      stalls.disable()
      expect(await ended).to.deep.equal([0, null])
      console.log(`      ${count} invocations meanwhile, longest stall ${Math.round(stalls.max / 1e6)} ms`)
      // One stop for the whole of it would let hardly any through.
      expect(count).to.be.above(10)
      caller.close()
    })
  })

  it('says that the disk is full with a 5xx, loses nothing, and goes on when there is room', async function () {
    if (process.getuid?.() !== 0) {
      console.log('      needs root: it mounts a small disk')
      this.skip()
    }
    const disk = await tempDirectory()
    run('mount', '-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', disk.path)
    try {
      await withServer({ settings: { 'store.dataDir': join(disk.path, 'data') } }, async ({ url }) => {
        const caller = new HttpCaller(url)
        const ask = asking(caller)
        await ask('PUT actions/first', node('const main = (p) => p'))
        const filler = fill(disk.path)
        const refused = await ask('PUT actions/second', node(`/* ${'x'.repeat(200_000)} */`))
        expect(refused.status).to.be.within(500, 599)
        expect(refused.json.error).to.match(/^Cannot write to the data directory: .*(bytes free|no space)/)
        expect((await ask('GET actions/first')).status).to.equal(200)
        rmSync(filler)
        await eventually('room to be noticed', async () => (await ask('PUT actions/second', node('x'))).status === 200)
        caller.close()
      })
    } finally {
      run('umount', disk.path)
      await disk.remove()
    }
  })
})

function run(command: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(command, words)
  if (status !== 0) throw new Error(`Cannot ${command}: ${stderr.toString()}`)
}

/** Fills a disk to the last byte; gives the file. */
function fill(disk: string): string {
  const filler = join(disk, 'filler')
  const file = openSync(filler, 'w')
  const { bavail, bsize } = statfsSync(disk)
  try {
    for (let written = 0; written < bavail * bsize + 65_536; written += 65_536) writeSync(file, Buffer.alloc(65_536))
  } catch {
    // The disk is full, as it should be.
  }
  closeSync(file)
  return filler
}
