import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after } from 'mocha'
import { outlivesTests } from './leak-check.ts'

/** A running CouchDB peer. `port` lets it be started again at the same place. */
export interface CouchPeer {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

let shared: Promise<CouchPeer> | undefined

/** The peer that a whole mocha run shares: started by the first who asks, ended after the last test. */
export async function couchPeer(): Promise<{ readonly url: string }> {
  shared ??= startCouchPeer()
  return shared
}

after('stop the CouchDB peer', async () => {
  await (await shared)?.stop()
})

/** A peer of one's own, in its own process, on a free port unless one is given. It forgets everything when it ends. */
export async function startCouchPeer(port = 0): Promise<CouchPeer> {
  const script = new URL('couch-peer-server.mjs', import.meta.url).pathname
  // The packages of PouchDB's family still use what Node will remove; that is theirs to mend.
  const child = spawn(process.execPath, ['--no-deprecation', script, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  if (child.pid !== undefined) outlivesTests(child.pid)
  const [line] = await once(createInterface(child.stdout), 'line')
  return { url: `http://127.0.0.1:${line}`, port: Number(line), stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
