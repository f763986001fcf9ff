import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { openLibc } from '../../../../invoker/adapters/kernel/libc.ts'
import { readSeccompFilter } from '../../../../invoker/adapters/kernel/seccomp-filter.ts'

const libc = openLibc()
/** Allows everything: `BPF_RET | BPF_K` with `SECCOMP_RET_ALLOW`. */
const allow = '06000000 0000ff7f'

/** A process that has installed `count` filters. */
async function filtered(count: number, first = ''): Promise<ChildProcess> {
  const program = `
import ctypes, sys
libc = ctypes.CDLL(None)
class Program(ctypes.Structure): _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]
libc.prctl(38, 1, 0, 0, 0)
if ${first !== '' ? 'True' : 'False'}: print("ready", flush=True)
${first}
for _ in range(${count}): libc.prctl(22, 2, ctypes.byref(Program(1, bytes.fromhex("${allow}"))), 0, 0)
print("ready", flush=True); sys.stdin.read()`
  const child = spawn('/usr/bin/python3', ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

describe('readSeccompFilter()', () => {
  let child: ChildProcess | undefined
  afterEach(async () => {
    const end = child && once(child, 'exit')
    child?.kill('SIGKILL')
    await end
  })
  const read = (tries = 1): Promise<Buffer> => readSeccompFilter(libc, child?.pid ?? -1, tries)
  const why = (tries?: number): Promise<string> => read(tries).then(String, (error) => error.message)

  it('gives the instructions, and lets the process go on', async () => {
    child = await filtered(1)
    expect(await read()).to.deep.equal(Buffer.from(allow.replace(' ', ''), 'hex'))
    expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).to.match(/^TracerPid:\t0$/m)
    const end = once(child, 'exit')
    child.stdin?.end()
    expect((await end)[0]).to.equal(0)
    child = undefined
  })

  it('takes no end of a process from whoever waits for it', async () => {
    child = await filtered(1)
    await read()
    const end = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await end).to.deep.equal([null, 'SIGTERM'])
    child = undefined
  })

  it('refuses a process without a filter, with several, or that does not exist', async () => {
    child = await filtered(0)
    expect(await why()).to.contain('EINVAL')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await why(99)).to.contain('ESRCH')
    child = await filtered(2)
    expect(await why()).to.contain('it has several')
  })

  it('waits for the filter of a process that is being started', async () => {
    child = await filtered(1, 'import time; time.sleep(0.1)')
    expect((await read(50)).length).to.equal(8)
  })

  it('follows a process whose second thread becomes another program', async () => {
    const code =
      'import os, threading, time; threading.Thread(target=lambda: (time.sleep(0.1), os.execv("/usr/bin/sleep", ["sleep", "600"]))).start(); print("ready", flush=True); threading.Event().wait()'
    child = spawn('/usr/bin/python3', ['-c', code], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout ?? child, 'data')
    const said: string[] = []
    // It has no filter: that it can be asked is what counts, before, after, and in the middle.
    while (!readFileSync(`/proc/${child.pid}/comm`, 'utf8').startsWith('sleep')) said.push(await why(5))
    expect([...new Set([...said, await why()])].map((text) => text.replace(/\d+/, 'N'))).to.deep.equal([
      'Cannot ask process N for its seccomp filter: EINVAL',
    ])
  })
})
