import { once } from 'node:events'
import { Socket } from 'node:net'
import { expect } from 'chai'
import { Template, Unsuitable } from '../../../../invoker/adapters/fork/template.ts'
import type { ProcessEnd } from '../../../../invoker/domain/process-end.ts'
import { type Deferred, deferred } from '../../../../invoker/lib/deferred.ts'
import type { TemplateProcess } from '../../../../invoker/ports/empty-containers.ts'
import type { Kernel } from '../../../../invoker/ports/kernel.ts'
import { kernel } from '../../../support/factories.ts'

const never = new AbortController().signal
const confinement = { uid: 1, gid: 1, openFiles: 9 }
const restore = { do: 'restore', id: 1, directory: '/', env: {}, confinement, groups: 0 } as const

/** A template whose process is this test: it reads what is sent, and says what it likes. */
interface Played {
  readonly template: Template
  readonly peer: Socket
  readonly calls: string[]
  readonly end: Deferred<ProcessEnd>
  heard(): Promise<string>
  say(message: object): void
}

function play(words = ''): Played {
  const { ours, theirs } = kernel.socketPair()
  const peer = new Socket({ fd: theirs, readable: true, writable: true })
  const calls: string[] = []
  const end = deferred<ProcessEnd>()
  const process: TemplateProcess = {
    pid: 4711,
    ended: end.promise,
    cgroup: { oomKills: () => 0 } as TemplateProcess['cgroup'],
    lastWords: () => words,
    async destroy() {
      calls.push('destroy')
      end.resolve({ kind: 'signal', signal: 9 })
      peer.destroy()
    },
  }
  const real: Kernel = kernel
  const fake = {
    sendWithDescriptors: real.sendWithDescriptors.bind(real),
    async ended(pid: number) {
      calls.push(`ended ${pid}`)
      return { kind: 'exit', code: 4 }
    },
    adoptStrays() {
      calls.push('adoptStrays')
      return 0
    },
  } as Partial<Kernel> as Kernel
  return {
    template: new Template({ process, controlFd: ours, kernel: fake }),
    peer,
    calls,
    end,
    async heard() {
      const [bytes] = await once(peer, 'data')
      return String(bytes)
    },
    say: (message) => peer.write(`${JSON.stringify(message)}\n`),
  }
}

describe('a Template', () => {
  let played: Played
  beforeEach(() => {
    played = play()
  })
  afterEach(async () => {
    await played.template.end('the test is over')
  })
  const ask = (asking: { readonly signal?: AbortSignal; readonly answerMs?: number } = {}) =>
    played.template.ask<'restore'>(restore, { signal: never, ...asking })

  it('is asked one thing at a time', async () => {
    const [first, second] = [ask(), ask()]
    expect((await played.heard()).trim().split('\n').length).to.equal(1)
    played.say({ id: 1, pid: 11 })
    expect((await first).pid).to.equal(11)
    expect(await played.heard()).to.contain('"do":"restore"')
    played.say({ id: 1, pid: 12 })
    expect((await second).pid).to.equal(12)
  })

  it('tells the end of a child that comes with its birth', async () => {
    const asked = ask()
    played.peer.write('{"id":1,"pid":11}\n{"ended":11,"status":768}\n')
    expect(await (await asked).ended).to.deep.equal({ kind: 'exit', code: 3 })
  })

  it('passes on what it says that it cannot do', async () => {
    const smoke = played.template.ask<'smoke'>({ do: 'smoke' }, { signal: never })
    played.say({ unsuitable: 'threads' })
    expect(await smoke.catch((error) => [error instanceof Unsuitable, error.message])).to.deep.equal([true, 'threads'])
    const fork = ask()
    played.say({ id: 1, failed: 'no room' })
    expect(await fork.catch((error) => error.message)).to.equal('no room')
    expect(played.template.gone).to.equal(undefined)
  })

  it('that gives the answer to another question is ended', async () => {
    const asked = ask()
    played.say({ smoke: 'ok' })
    expect(await asked.catch((error) => error.message)).to.contain('it answered "smoked" to "restore"')
    expect(await played.template.ended).to.equal(played.template.gone)
  })

  it('that says nonsense is ended', async () => {
    const asked = ask()
    played.peer.write('hello\n')
    expect(await asked.catch((error) => error.message)).to.contain('its control channel broke')
  })

  it('that does not answer in time is ended, and what it may have forked is adopted', async () => {
    expect(await ask({ answerMs: 20 }).catch((error) => error.message)).to.contain('within 20 ms')
    await played.template.end('again')
    expect(played.calls).to.deep.equal(['destroy', 'adoptStrays'])
    expect(await ask().catch((error) => error.message)).to.contain('within 20 ms')
  })

  it('lets go of who gives up, and takes back what was not sent', async () => {
    const first = ask()
    await played.heard()
    const giveUp = new AbortController()
    const second = ask({ signal: giveUp.signal })
    giveUp.abort(new Error('enough'))
    expect(await second.catch((error) => error.message)).to.equal('enough')
    played.say({ id: 1, pid: 11 })
    await first
    const third = ask()
    expect((await played.heard()).trim().split('\n').length).to.equal(1)
    played.say({ id: 1, pid: 13 })
    expect((await third).pid).to.equal(13)
  })

  it('that ends fails what is under way and what comes, and its children are the kernel’s', async () => {
    const born = ask()
    played.say({ id: 1, pid: 11 })
    const { ended } = await born
    const pending = ask()
    await played.heard()
    played.end.resolve({ kind: 'signal', signal: 9 })
    expect(await pending.catch((error) => error.message)).to.equal('The template is gone: it ended by SIGKILL')
    expect(await ended).to.deep.equal({ kind: 'exit', code: 4 })
    await played.template.end('again')
    expect(played.calls).to.deep.equal(['destroy', 'ended 11', 'adoptStrays'])
  })

  it('that closes its channel is ended, with what it printed last', async () => {
    await played.template.end('the other one is played')
    played = play('MemoryError')
    played.peer.destroy()
    expect(await played.template.ended).to.equal(
      'The template is gone: it closed its control channel; it printed: MemoryError',
    )
  })

  it('that is ended on purpose says only that', async () => {
    await played.template.end('the other one is played')
    played = play('a warning')
    await played.template.end('it was dropped')
    expect(await played.template.ended).to.equal('The template is gone: it was dropped')
  })
})
