import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'
import { hasRights, look, whyUnsuitable } from '../../../../invoker/adapters/fork/inspect.ts'

const good = { threads: 1, sockets: 1, capabilities: 0x240100n }

describe('whyUnsuitable()', () => {
  it('takes one thread and one socket, and nothing more', () => {
    expect(whyUnsuitable(good)).to.equal(undefined)
    expect(whyUnsuitable({ ...good, threads: 3 })).to.contain('3 threads')
    expect(whyUnsuitable({ ...good, sockets: 2 })).to.contain('1 sockets are open')
  })
})

describe('hasRights()', () => {
  it('wants exactly three capabilities', () => {
    const masks = [0x240100n, 0x240101n, 0x200100n, 0n]
    expect(masks.map((capabilities) => hasRights({ ...good, capabilities }))).to.deep.equal([true, false, false, false])
  })
})

describe('look()', () => {
  it('sees threads and sockets of a process', async () => {
    const code =
      'import socket, threading; kept = socket.socketpair(); threading.Thread(target=input, daemon=True).start(); print(flush=True); threading.Event().wait()'
    const child = spawn('/usr/bin/python3', ['-c', code], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    const seen = look(child.pid ?? -1)
    child.kill('SIGKILL')
    await once(child, 'exit')
    // The thread may have ended by now; the pair of sockets is there, and Node.js gives a socket as stdout.
    expect(seen.sockets).to.equal(3)
    expect(seen.threads).to.be.within(1, 2)
  })
})
