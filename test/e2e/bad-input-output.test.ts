import { expect } from 'chai'
import { badActions, both } from '../support/bad-action.ts'
import { BadInputServer } from '../support/bad-input-server.ts'

const incomplete = /^stderr: There was an issue while collecting your logs. Data might be missing.$/
const cutOff = 'stderr: Logs were truncated because the total bytes size exceeds the limit of 1048576 bytes.'
const sentinel = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX'

badActions('actions that print oddly', [
  {
    what: 'after closing their streams',
    code: {
      nodejs: 'function main() { console.log("last"); process.stdout.end(); process.stderr.end(); return {} }',
      python:
        'import sys\ndef main(args):\n    print("last")\n    sys.stdout.close()\n    sys.stderr.close()\n    return {}',
    },
    status: 'success',
    result: both({}),
    logs: both(/^stdout: last$/),
  },
  {
    what: 'after closing the descriptors themselves',
    code: {
      nodejs: 'const fs = require("fs")\nfunction main() { fs.closeSync(1); fs.closeSync(2); return {} }',
      python: 'import os\ndef main(args):\n    os.close(1)\n    os.close(2)\n    return {}',
    },
    status: 'success',
    result: both({}),
    logs: { nodejs: incomplete, python: /^$/ },
  },
  {
    what: '100 MB',
    code: {
      nodejs:
        'async function main() { for (let i = 0; i < 100; i += 1) if (!process.stdout.write(("x".repeat(99) + "\\n").repeat(10_000))) await new Promise((ok) => process.stdout.once("drain", ok)); return {} }',
      python:
        'import sys\ndef main(args):\n    for _ in range(100):\n        sys.stdout.write(("x" * 99 + "\\n") * 10_000)\n    return {}',
    },
    limits: { logs: 1 },
    status: 'success',
    result: both({}),
    logs: both(new RegExp(`^(stdout: x{99}\\n){6,}${cutOff}$`)),
  },
  {
    what: 'one line of 10 MB',
    code: {
      nodejs: 'function main() { process.stdout.write("x".repeat(10e6)); return {} }',
      python: 'def main(args):\n    print("x" * 10_000_000)\n    return {}',
    },
    limits: { logs: 1 },
    status: 'success',
    result: both({}),
    logs: both(new RegExp(`^(stdout: x{16384}\\n){63}${cutOff}$`)),
  },
  {
    what: 'half a UTF-8 sequence',
    code: {
      nodejs: 'function main() { process.stdout.write(Buffer.from([0xe2, 0x98, 10])); return {} }',
      python: 'import sys\ndef main(args):\n    sys.stdout.buffer.write(b"\\xe2\\x98\\n")\n    return {}',
    },
    status: 'success',
    result: both({}),
    logs: both(/^stdout: \ufffd+$/),
  },
  {
    what: 'NUL and other control characters',
    code: {
      nodejs: 'function main() { console.log("a\\0b\\u001b[31mc\\rd"); return {} }',
      python: 'def main(args):\n    print("a\\0b\\x1b[31mc\\rd")\n    return {}',
    },
    status: 'success',
    result: both({}),
    logs: both(/^stdout: a.b.\[31mc.d$/s),
  },
  {
    what: 'the sentinel, and then more',
    code: {
      nodejs: `function main() { console.log("a\\n${sentinel}\\nb"); return {} }`,
      python: `def main(args):\n    print("a\\n${sentinel}\\nb")\n    return {}`,
    },
    status: 'success',
    result: both({}),
    logs: both(/^stdout: a$/),
  },
  {
    what: 'the sentinel inside of a line',
    code: {
      nodejs: `function main() { console.log("a ${sentinel} b"); console.log("c"); return {} }`,
      python: `def main(args):\n    print("a ${sentinel} b")\n    print("c")\n    return {}`,
    },
    status: 'success',
    result: both({}),
    logs: both(/^$/),
  },
])

describe('an action that prints the sentinel itself', () => {
  it('loses its own logs behind it, and no others', async () => {
    const server = await BadInputServer.start()
    try {
      const code = `count = 0
def main(args):
    global count
    count += 1
    print(count)
    if args.get("fakes"):
        print("${sentinel}\\nbehind it")
    return {"count": count}`
      await server.put('faker', { exec: { kind: 'python:3', code } })
      for (const [n, fakes] of [true, false, true, true, false].entries()) {
        const { json } = await server.invoke('faker', { fakes })
        expect(json).to.have.nested.property('response.result.count', n + 1)
        const { logs } = await server.record(json.activationId)
        expect((logs as string[]).map((line) => line.slice(31))).to.deep.equal([`stdout: ${n + 1}`])
      }
    } finally {
      await server.stop()
    }
  })
})
