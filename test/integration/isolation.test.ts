import { readFileSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { expect } from 'chai'
import type { RuncContainer } from '../../invoker/adapters/runc/container.ts'
import type { RuncFactory } from '../../invoker/adapters/runc/factory.ts'
import { aRuncFactory, seccompProfile, skip, whyNoRunc } from '../support/factories.ts'
import { aSpec, ask } from '../support/tiny-runtime.ts'

const never = new AbortController().signal
const EPERM = 1

describe('the isolation of a container', () => {
  let factory: RuncFactory
  let container: RuncContainer

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    process.env.WARMWHISK_TEST_DATABASE_URL = 'http://admin:swordfish@couch:5984'
    factory = aRuncFactory()
    await factory.start()
    container = (await factory.create(aSpec(), never)) as RuncContainer
  })
  after(async () => {
    delete process.env.WARMWHISK_TEST_DATABASE_URL
    await factory?.stop()
  })

  async function inside(python: string): Promise<unknown> {
    const { result, error } = await ask(container, python)
    if (error !== undefined) throw new Error(error)
    return result
  }
  /** errno of a system call, 0 when it succeeded. */
  function errnoOf(call: string): Promise<unknown> {
    return inside(`result = 0 if libc.${call} >= 0 else ctypes.get_errno()`)
  }

  describe('refuses system calls that moby refuses to a process without capabilities', () => {
    const calls = {
      unshare: 'unshare(0x10000000)',
      'unshare of a network': 'unshare(0x40000000)',
      mount: 'mount(b"none", b"/tmp", b"tmpfs", 0, None)',
      umount2: 'umount2(b"/tmp", 0)',
      setns: 'setns(os.open("/proc/self/ns/net", 0), 0)',
      bpf: 'syscall(321, 0, None, 0)',
      keyctl: 'syscall(250, 0, 0)',
      add_key: 'syscall(248, b"user", b"a", b"b", 1, -2)',
      ptrace: 'ptrace(0, 0, 0, 0)',
      io_uring_setup: 'syscall(425, 1, None)',
      'clone of a user namespace': 'syscall(56, 0x10000011, None, None, None, None)',
      'a socket of AF_VSOCK': 'socket(40, 1, 0)',
      'a socket of AF_ALG': 'socket(38, 5, 0)',
      userfaultfd: 'syscall(323, 0)',
      perf_event_open: 'syscall(298, None, 0, -1, -1, 0)',
      process_vm_readv: 'syscall(310, 1, None, 0, None, 0, 0)',
      reboot: 'syscall(169, 0, 0, 0, None)',
      kexec_load: 'syscall(246, 0, 0, None, 0)',
      init_module: 'syscall(175, None, 0, None)',
      open_by_handle_at: 'syscall(304, 0, None, 0)',
      pivot_root: 'syscall(155, b"/", b"/tmp")',
      swapon: 'swapon(b"/tmp/a", 0)',
      acct: 'acct(None)',
      settimeofday: 'syscall(164, None, None)',
    }
    for (const [name, call] of Object.entries(calls)) {
      it(`${name}: EPERM`, async function () {
        if (process.arch !== 'x64') skip(this, 'the numbers are those of x86-64')
        expect(await errnoOf(call)).to.equal(EPERM)
      })
    }

    it('clone3: ENOSYS, so that libraries fall back to clone', async function () {
      if (process.arch !== 'x64') skip(this, 'the numbers are those of x86-64')
      expect(await errnoOf('syscall(435, None, 0)')).to.equal(38)
    })

    it('and lets threads and children start', async () => {
      expect(
        await inside(
          'import threading; t = threading.Thread(target=print); t.start(); t.join(); result = subprocess.run(["/bin/true"]).returncode',
        ),
      ).to.equal(0)
    })

    it('with a filter in every process, which is moby’s or narrower', async () => {
      const { syscalls } = seccompProfile() as {
        readonly syscalls: readonly { readonly names: readonly string[]; readonly action: string }[]
      }
      const allowed = new Set(
        syscalls.filter(({ action }) => action === 'SCMP_ACT_ALLOW').flatMap(({ names }) => names),
      )
      for (const name of ['unshare', 'mount', 'setns', 'bpf', 'keyctl', 'ptrace', 'io_uring_setup'])
        expect(allowed).not.to.include(name)
      for (const pid of ['1', 'self']) expect(await status(pid, 'Seccomp')).to.equal('2')
    })
  })

  /** A line of /proc/PID/status inside. */
  async function status(pid: string, key: string): Promise<string> {
    const text = String(await inside(`result = open("/proc/${pid}/status").read()`))
    return new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? ''
  }

  it('gives no process a capability', async () => {
    for (const pid of ['1', 'self']) {
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
        expect(await status(pid, set), `${set} of ${pid}`).to.equal('0000000000000000')
      }
    }
  })

  it('gives no process new privileges: a program with the set-user-id bit changes nothing', async () => {
    for (const pid of ['1', 'self']) expect(await status(pid, 'NoNewPrivs')).to.equal('1')
  })

  it('runs everything as a user that is not root', async () => {
    expect(await status('1', 'Uid')).to.equal('65534\t65534\t65534\t65534')
    expect(await inside('result = [os.getresuid(), os.getresgid(), os.getgroups()]')).to.deep.equal([
      [65534, 65534, 65534],
      [65534, 65534, 65534],
      [],
    ])
  })

  it('has pid, mount, network, ipc, uts and cgroup namespaces of its own', async () => {
    for (const name of ['pid', 'mnt', 'net', 'ipc', 'uts', 'cgroup']) {
      expect(await readlink(`/proc/${container.initPid}/ns/${name}`), name).not.to.equal(
        await readlink(`/proc/self/ns/${name}`),
      )
    }
  })

  it('sees its own processes only, the first of which holds the namespaces', async () => {
    const seen = await inside(
      'result = {p: open(f"/proc/{p}/comm").read().strip() for p in os.listdir("/proc") if p.isdigit()}',
    )
    expect(Object.values(seen as object).sort()).to.deep.equal(['catatonit', 'python3'])
    expect(seen).to.include({ 1: 'catatonit' })
  })

  it('has a hostname of its own, which is in its hosts file', async () => {
    const hostname = container.id.replaceAll('_', '-')
    expect(await inside('result = [socket.gethostname(), socket.gethostbyname(socket.gethostname())]')).to.deep.equal([
      hostname,
      '127.0.1.1',
    ])
  })

  it('sees no control groups but its own', async () => {
    const paths = String(await inside('result = open("/proc/self/cgroup").read()'))
      .trim()
      .split('\n')
      .map((line) => line.split(':').at(-1))
    expect(new Set(paths)).to.deep.equal(new Set(['/']))
    expect(await inside('result = os.path.exists("/sys/fs/cgroup")')).to.equal(false)
  })

  it('cannot write to its root, nor to the host’s files in it', async () => {
    const EROFS = 30
    for (const folder of [
      '/',
      '/etc',
      '/usr',
      '/usr/lib',
      '/opt',
      '/opt/tiny',
      '/run',
      '/var/tmp',
      '/sys/devices/system/cpu',
      '/etc/ssl/certs',
      '/home',
    ]) {
      const { errno, error } = await ask(container, `open("${folder}/x", "w")`)
      expect([EROFS, 13, 2], `${folder}: ${error}`).to.include(errno)
    }
    const flags = String(await inside('result = open("/proc/self/mountinfo").read()'))
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
    const writable = flags.filter((line) => !line[5]?.startsWith('ro')).map((line) => line[4])
    const masked = writable.filter((target) => target?.startsWith('/proc/'))
    expect(writable.filter((target) => !masked.includes(target)).sort()).to.deep.equal([
      '/dev',
      '/dev/shm',
      '/proc',
      '/tmp',
      '/work',
    ])
    // /dev/null, mounted over files that are hidden.
    for (const target of masked)
      expect(await inside(`result = open("${target}", "rb").read().decode()`), target).to.equal('')
  })

  it('has only the devices that every program needs, and cannot make others', async () => {
    expect(await inside('result = sorted(os.listdir("/dev"))')).to.deep.equal([
      'fd',
      'full',
      'null',
      'ptmx',
      'random',
      'shm',
      'stderr',
      'stdin',
      'stdout',
      'tty',
      'urandom',
      'zero',
    ])
    const { errno } = await ask(container, 'os.mknod("/tmp/sda", 0o60600, os.makedev(8, 0))')
    expect(errno).to.equal(EPERM)
  })

  it('hides what /proc tells about the host', async () => {
    for (const file of [
      'kcore',
      'keys',
      'timer_list',
      'sched_debug',
      'kallsyms',
      'interrupts',
      'modules',
      'config.gz',
    ]) {
      const text = await inside(
        `result = open("/proc/${file}", "rb").read(64).decode() if os.path.exists("/proc/${file}") else ""`,
      )
      expect(text, file).to.equal('')
    }
  })

  it('cannot change the kernel’s settings', async () => {
    for (const file of [
      '/proc/sys/kernel/hostname',
      '/proc/sys/net/ipv4/ip_forward',
      '/proc/sysrq-trigger',
      '/proc/irq/default_smp_affinity',
    ]) {
      const { errno } = await ask(container, `open("${file}", "w")`)
      expect([30, 13, 2], file).to.include(errno)
    }
  })

  it('shows neither the control sockets nor anything else of the invoker', async () => {
    const listing = await inside(
      'result = [os.listdir("/run"), os.listdir("/opt"), os.path.exists("/home"), os.path.exists("/root")]',
    )
    expect(listing).to.deep.equal([[], ['tiny'], false, false])
  })

  it('has an /etc of its own, without keys or users of the host', async () => {
    const names = (await inside('result = os.listdir("/etc") + os.listdir("/etc/ssl")')) as string[]
    expect(names).to.include.members(['hosts', 'passwd', 'certs'])
    for (const name of ['shadow', 'machine-id', 'ssh', 'private', 'environment']) expect(names).not.to.include(name)
    expect(String(await inside('result = open("/etc/passwd").read()')).split('\n').length).to.equal(3)
  })

  it('holds no secret of the invoker in an environment, a command line or a file', async () => {
    const secret = 'swordfish'
    const environments =
      'b"".join(open(f"/proc/{p}/environ", "rb").read() for p in os.listdir("/proc") if p.isdigit() and p != "1")'
    expect(String(await inside(`result = (${environments}).decode()`))).not.to.contain(secret)
    for (const pid of await processesOf(container)) {
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.to.contain(secret)
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.to.contain(secret)
    }
    const found = await inside(
      `result = subprocess.run(["/bin/grep", "-rls", "${secret}", "/etc", "/run", "/work", "/tmp", "/opt/warmwhisk"], stdout=-1, text=True).stdout`,
    )
    expect(found).to.equal('')
  })

  it('starts with no descriptor but its streams and its listening socket', async () => {
    const { result } = await ask(
      container,
      'result = {f: os.stat(int(f)).st_mode >> 12 for f in os.listdir("/proc/self/fd") if int(f) < 20 and os.path.exists(f"/proc/self/fd/{f}") or f in "0123"}',
    )
    const [charDevice, pipe, sock] = [2, 1, 12]
    const { 0: stdin, 1: stdout, 2: stderr, 3: listening, ...others } = result as Record<string, number>
    expect([stdin, stdout, stderr, listening]).to.deep.equal([charDevice, pipe, pipe, sock])
    // The connection that asks.
    expect(Object.values(others)).to.deep.equal([sock])
  })
})

/** Host's numbers of the processes of a container. */
async function processesOf(container: RuncContainer): Promise<string[]> {
  return readFileSync(`${container.cgroup.paths[0]}/cgroup.procs`, 'utf8').split('\n').filter(Boolean)
}
