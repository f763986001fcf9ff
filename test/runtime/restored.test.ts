import { closeSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { arch } from 'node:os'
import { expect } from 'chai'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { aRestoredRuntime, type RestoredRuntime } from '../support/a-restored-runtime.ts'
import { aTemplate, ownNamespaces, packagesFolder, type TemplateUnderTest } from '../support/a-template.ts'
import { eventually } from '../support/eventually.ts'
import { runtimeUnderTest } from '../support/runtime-client.ts'
import { sentinel } from '../support/runtime-process.ts'
import { killsOn } from '../support/seccomp-bytes.ts'

const env = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/tmp', __OW_API_HOST: 'here' }

/** What user code sees of the process that it is in. */
const look = `
import gc, os, resource, signal, sys, time
def main(args):
    umask = os.umask(0)
    os.umask(umask)
    main_module = sys.modules["__main__"]
    return {
        "environment": dict(os.environ),
        "path": [entry for entry in sys.path if not entry.endswith("/action")],
        "argv": [sys.argv, sys.orig_argv[1:]],
        "main": [main_module.__name__, main_module.__file__, main_module.__spec__, main_module.__package__, sorted(n for n in dir(main_module) if not n.startswith("__"))],
        "flags": str(sys.flags),
        "umask": umask,
        "files": [resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_CORE)],
        "signals": [str(signal.getsignal(number)) for number in range(1, 32)],
        "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        "timers": [signal.getitimer(timer) for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)],
        "wakes": signal.set_wakeup_fd(-1),
        "nice": os.nice(0),
        "gc": [gc.isenabled(), gc.get_threshold()],
        "descriptors": sorted(os.readlink(f"/proc/self/fd/{n}").split(":")[0] for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}")),
        "leads": os.getsid(0) == os.getpid(),
        "directory": os.path.basename(os.getcwd()),
        "group": os.getpgrp() == os.getpid(),
        "ours": [name for name in sys.modules if "warmwhisk" in name],
    }`

describe('a restored python:3 runtime (C34)', () => {
  let template: TemplateUnderTest
  let restored: RestoredRuntime | undefined
  before(async () => {
    template = await aTemplate()
    await template.ask({ do: 'build', imports: ['calendar'] })
    await template.ask({ do: 'confine', seccomp: killsOn('unshare') })
  })
  after(() => template.stop())
  afterEach(async () => {
    await restored?.stop()
    restored = undefined
  })

  async function restore(options: Parameters<typeof aRestoredRuntime>[1] = {}): Promise<RestoredRuntime> {
    restored = await aRestoredRuntime(template, options)
    return restored
  }

  /** Lines of /proc/PID/status. */
  function status(pid: number): Record<string, string> {
    const lines = readFileSync(`/proc/${pid}/status`, 'utf8').trimEnd().split('\n')
    return Object.fromEntries(lines.map((line) => line.split(/:\s*/) as [string, string]))
  }

  it('looks to user code like one that was started', async () => {
    const started = await runtimeUnderTest('python:3', { ...env, PYTHONPATH: packagesFolder })
    try {
      const cold = (await started.once(look)) as JsonObject
      const warm = (await (await restore({ env })).once(look)) as JsonObject
      for (const name of [
        'path',
        'argv',
        'main',
        'flags',
        'umask',
        'signals',
        'blocked',
        'timers',
        'wakes',
        'nice',
        'gc',
        'directory',
      ]) {
        expect(warm[name], name).to.deep.equal(cold[name])
      }
      expect(warm.environment).to.deep.equal(env)
      expect(warm.files).to.deep.equal([
        [1024, 1024],
        [0, 0],
      ])
      expect(warm).to.deep.include({ leads: true, group: true })
      expect((warm.ours as string[]).filter((name) => !(cold.ours as string[]).includes(name))).to.deep.equal([
        'warmwhisk_runtime.archive',
      ])
    } finally {
      await started.stop()
    }
  })

  it('has stdio, its socket and its connections, and nothing of the template', async () => {
    const { pid, run, init } = await restore()
    await init('def main(args):\n    return args')
    await run()
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).replace(/:.*/, ''))
    expect(open.sort()).to.deep.equal(['/dev/null', 'pipe', 'pipe', 'pipe', 'pipe', 'socket', 'socket'])
    expect(readFileSync(`/proc/${pid}/fdinfo/3`, 'utf8')).to.match(/flags:\s*02\d*2$/m)
  })

  it('has no rights, and no way to any', async () => {
    const { pid } = await restore({ openFiles: 512 })
    const none = '0000000000000000'
    expect(status(pid)).to.include({
      ...{ CapInh: none, CapPrm: none, CapEff: none, CapBnd: none, CapAmb: none },
      ...{ NoNewPrivs: '1', Seccomp: '2', Seccomp_filters: '1', Threads: '1', Groups: '' },
      ...{ Uid: '65534\t65534\t65534\t65534', Gid: '65534\t65534\t65534\t65534', Umask: '0022' },
    })
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).to.match(/Max open files +512 +512 /)
  })

  it('obeys the filter of its container', async () => {
    const { init, run, pid } = await restore()
    const unshare = arch() === 'x64' ? 272 : 97
    await init(`import ctypes\ndef main(args):\n    return {"got": ctypes.CDLL(None).syscall(${unshare}, 0)}`)
    expect(await run().catch((error: NodeJS.ErrnoException) => error.code)).to.equal('ECONNRESET')
    await eventually('its end', () => template.ended.has(pid))
    const SIGSYS = 31
    expect((template.ended.get(pid) ?? 0) & 127).to.equal(SIGSYS)
  })

  it('can read about itself', async () => {
    const code = 'def main(args):\n    return {"bytes": len(open("/proc/self/pagemap", "rb").read(8))}'
    expect(await (await restore()).once(code)).to.deep.equal({ bytes: 8 })
  })

  it('prints to its own streams, with sentinels', async () => {
    const runtime = await restore()
    await runtime.once(
      'import sys\ndef main(args):\n    print("out")\n    print("err", file=sys.stderr)\n    return {}',
    )
    await eventually('both sentinels', () =>
      Object.values(runtime.printed).every((text) => text.endsWith(`${sentinel}\n`) || text.includes('ready')),
    )
    expect(runtime.printed).to.include({ stdout: `out\n${sentinel}\n`, stderr: `err\n${sentinel}\n` })
  })

  it('tells how long each step took', async () => {
    const { report } = await restore()
    expect(report.ready).to.equal(true)
    expect(report.ms).to.have.all.keys('fork', 'groups', 'namespaces', 'drop', 'freshen')
  })

  it('has a garbage collector that leaves the image alone, and collects what user code makes', async () => {
    const code = `
import gc
class Node: pass
def main(args):
    node = Node()
    node.me = node
    del node
    return {"frozen": gc.get_freeze_count() > 1000, "collected": gc.collect() > 0}`
    expect(await (await restore()).once(code)).to.deep.equal({ frozen: true, collected: true })
  })

  it('ends a child of user code that returns into the runtime (C26)', async () => {
    const code = `
import os
def main(args):
    pid = os.fork()
    return {"status": os.waitpid(pid, 0)[1]} if pid else {"from": "child"}`
    expect(await (await restore()).once(code)).to.deep.equal({ status: 0 })
  })

  it('runs what a process does at its end when user code exits (C27)', async () => {
    const runtime = await restore()
    await runtime.init('import atexit, sys\natexit.register(print, "bye")\ndef main(args):\n    sys.exit(4)')
    await runtime.run().catch(() => undefined)
    await eventually('its end', () => template.ended.get(runtime.pid) === 4 << 8)
    await eventually('its last word', () => runtime.printed.stdout === 'bye\n')
  })

  it('is not restored half: where a step fails it says which, and ends', async () => {
    const [processes = 0, ...others] = ownNamespaces()
    try {
      const none = others.map(() => 0)
      const before = template.ended.size
      expect(await restore({ namespaces: [0, ...none] }).catch(String)).to.contain('setns: Invalid argument')
      expect(await restore({ namespaces: [processes, ...none] }).catch(String)).to.contain('setns: Invalid argument')
      await eventually('the end of the child', () => template.ended.size === before + 1)
      expect(await (await restore()).once('def main(args):\n    return args')).to.deep.equal({})
    } finally {
      for (const fd of [processes, ...others]) closeSync(fd)
    }
  })
})
