import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../deploy/kafka/free-port.ts'
import { HttpActionClient } from '../../invoker/adapters/action-http/http-action-client.ts'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import { ScriptedPeer } from '../support/action-peer.ts'
import { actionClientContract } from './action-client.contract.ts'

const client = new HttpActionClient({ clock: systemClock })

describe('over a Unix socket', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ww-peer-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  actionClientContract('HttpActionClient', () => ({
    client,
    peer: async () => {
      const peer = new ScriptedPeer({ socketPath: join(folder, 'control.sock') })
      await peer.start()
      return peer
    },
  }))
})

describe('over TCP', () => {
  actionClientContract('HttpActionClient', () => ({
    client,
    peer: async () => {
      const peer = new ScriptedPeer({ host: '127.0.0.1', port: await freePort() })
      await peer.start()
      return peer
    },
  }))
})
