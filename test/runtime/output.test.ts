import { expect } from 'chai'
import { eventually } from '../support/eventually.ts'
import { type RuntimeUnderTest, runtimeUnderTest } from '../support/runtime-client.ts'
import { sentinel } from '../support/runtime-process.ts'

const languages = [
  {
    kind: 'python:3',
    quiet: 'def main(args):\n    return args',
    printing:
      'import sys\nprint("at init")\ndef main(args):\n    print("hello stdout")\n    print("hello stderr", file=sys.stderr)\n    return args',
    closing: 'import sys\ndef main(args):\n    sys.stdout.close()\n    sys.stderr.close()\n    return {"closed": True}',
    closingDescriptors: 'import os\ndef main(args):\n    os.close(1)\n    os.close(2)\n    return {"closed": True}',
    replacing: 'import sys, io\ndef main(args):\n    sys.stdout = io.StringIO()\n    sys.stderr = None\n    return {}',
    halfCharacter: 'import sys\ndef main(args):\n    sys.stdout.buffer.write(b"\\xe2\\x98")\n    return {}',
    flood: 'def main(args):\n    for _ in range(20000):\n        print("x" * 99)\n    return {}',
    children:
      'import subprocess\ndef main(args):\n    out = subprocess.run(["ls", "-l", "/proc/self/fd"], capture_output=True, text=True, close_fds=False).stdout\n    return {"sockets": out.count("socket:")}',
    exiting: 'import sys\ndef main(args):\n    sys.exit(3)',
    exitingHard: 'import os\ndef main(args):\n    os._exit(4)',
    exitingAtInit: 'import sys\nsys.exit(5)',
  },
  {
    kind: 'nodejs:20',
    quiet: 'function main(args) { return args }',
    printing:
      'console.log("at init")\nfunction main(args) { console.log("hello stdout"); console.error("hello stderr"); return args }',
    closing: 'function main(args) { process.stdout.end(); process.stderr.end(); return { closed: true } }',
    closingDescriptors: undefined,
    replacing:
      'function main(args) { process.stdout.write = () => true; console.log = () => undefined; process.stderr.write = null; return {} }',
    halfCharacter: 'function main(args) { process.stdout.write(Buffer.from([0xe2, 0x98])); return {} }',
    flood: 'function main(args) { for (let i = 0; i < 20000; i += 1) console.log("x".repeat(99)); return {} }',
    children:
      'const { execFileSync } = require("child_process")\nfunction main(args) { const out = execFileSync("ls", ["-l", "/proc/self/fd"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }); return { sockets: out.split("\\n").filter((l) => l.includes("socket:") && !/ [012] ->/.test(l)).length } }',
    exiting: 'function main(args) { process.exit(3) }',
    exitingHard: 'function main(args) { process.reallyExit(4) }',
    exitingAtInit: 'process.exit(5)',
  },
] as const

for (const { kind, ...words } of languages) {
  describe(`the ${kind} runtime and what user code prints`, () => {
    let runtime: RuntimeUnderTest
    beforeEach(async () => {
      runtime = await runtimeUnderTest(kind)
    })
    afterEach(() => runtime.stop())

    it('C24: ends each run with a sentinel on both streams, and /init with none', async () => {
      await runtime.init(words.printing)
      await runtime.run({ n: 1 })
      await runtime.run({ n: 2 })
      await runtime.sentinels(2)
      expect(runtime.printed.stdout).to.equal(`at init\nhello stdout\n${sentinel}\nhello stdout\n${sentinel}\n`)
      expect(runtime.printed.stderr).to.equal(`hello stderr\n${sentinel}\nhello stderr\n${sentinel}\n`)
    })

    it('C25: where the action closes its streams', async () => {
      expect(await runtime.once(words.closing)).to.deep.equal({ closed: true })
      await runtime.sentinels(1)
      expect((await runtime.run()).status).to.equal(200)
      await runtime.sentinels(2)
    })

    if (words.closingDescriptors !== undefined) {
      it('C25: where the action closes the descriptors themselves', async () => {
        expect(await runtime.once(words.closingDescriptors)).to.deep.equal({ closed: true })
        await runtime.sentinels(1)
      })
    }

    it('C25: where the action puts something else in their place', async () => {
      expect(await runtime.once(words.replacing)).to.deep.equal({})
      await runtime.sentinels(1)
    })

    it('C25: where the action prints half a character', async () => {
      await runtime.once(words.halfCharacter)
      await runtime.sentinels(1)
      expect(Buffer.from(runtime.printed.stdout, 'latin1').subarray(0, 2).toString('hex')).to.equal('e298')
    })

    it('C25: behind all of two megabytes', async () => {
      await runtime.once(words.flood)
      await runtime.sentinels(1)
      expect(runtime.printed.stdout.length).to.equal(20_000 * 100 + sentinel.length + 1)
    })

    it('C26: gives children neither the control socket nor connections', async () => {
      expect(await runtime.once(words.children)).to.deep.equal({ sockets: 0 })
    })

    for (const [what, code, exit] of [
      ['exits', words.exiting, 3],
      ['exits at once', words.exitingHard, 4],
    ] as const) {
      it(`C27: breaks the connection when user code ${what}`, async () => {
        await runtime.init(code)
        expect(await runtime.run().catch((error: NodeJS.ErrnoException) => error.code)).to.equal('ECONNRESET')
        expect(await runtime.exited).to.equal(exit)
        expect(runtime.printed.stdout).not.to.contain(sentinel)
      })
    }

    it('C27: breaks the connection when user code exits while it loads', async () => {
      expect(await runtime.init(words.exitingAtInit).catch((error: NodeJS.ErrnoException) => error.code)).to.equal(
        'ECONNRESET',
      )
      expect(await runtime.exited).to.equal(5)
    })

    it('C14: loads 48 MB of code', async function () {
      this.timeout(60_000)
      const filler = `${kind.startsWith('python') ? '#' : '//'} ${'x'.repeat(1022)}\n`
      const code = `${words.quiet}\n${filler.repeat((48 * 1024 * 1024) / filler.length - 1)}`
      expect((await runtime.init(code)).status).to.equal(200)
      expect((await runtime.run({ a: 1 })).body).to.contain('1')
    })
  })
}

describe('the python:3 runtime and forks (C26)', () => {
  it('goes on when user code leaves a child behind, and the child can end', async () => {
    const runtime = await runtimeUnderTest('python:3')
    try {
      const code = `
import os, sys, time
def main(args):
    pid = os.fork()
    if pid == 0:
        print("child", flush=True)
        time.sleep(60)
    return {"child": pid}`
      const first = (await runtime.once(code)) as { child: number }
      const second = JSON.parse((await runtime.run()).body) as { child: number }
      await runtime.sentinels(2)
      await eventually('both children', () => runtime.printed.stdout.match(/child/g)?.length === 2)
      for (const { child } of [first, second]) process.kill(child, 'SIGKILL')
      expect(runtime.printed.stdout.split(sentinel)).to.have.length(3)
    } finally {
      await runtime.stop()
    }
  })

  it('ends a child that returns into the runtime, silently', async () => {
    const runtime = await runtimeUnderTest('python:3')
    try {
      const code = `
import os
def main(args):
    pid = os.fork()
    if pid:
        return {"status": os.waitpid(pid, 0)[1]}
    return {"from": "child"}`
      expect(await runtime.once(code)).to.deep.equal({ status: 0 })
      await runtime.sentinels(1)
      expect(runtime.printed.stdout).to.equal(`${sentinel}\n`)
    } finally {
      await runtime.stop()
    }
  })

  it('ends at once when user code exits while its threads run', async () => {
    const runtime = await runtimeUnderTest('python:3')
    try {
      await runtime.init(
        'import sys, threading, time\ndef main(args):\n    threading.Thread(target=lambda: time.sleep(60)).start()\n    sys.exit(1)',
      )
      expect(await runtime.run().catch((error: NodeJS.ErrnoException) => error.code)).to.equal('ECONNRESET')
    } finally {
      await runtime.stop()
    }
  })
})

describe('the nodejs:20 runtime after the answer', () => {
  it('C27: ends when user code throws outside of a run', async () => {
    const runtime = await runtimeUnderTest('nodejs:20')
    try {
      await runtime.init('function main() { setTimeout(() => { throw new Error("late") }, 20); return {} }')
      expect((await runtime.run()).status).to.equal(200)
      expect(await runtime.exited).to.equal(1)
      await eventually('the stack', () => runtime.printed.stderr.includes('Error: late'))
    } finally {
      await runtime.stop()
    }
  })
})
