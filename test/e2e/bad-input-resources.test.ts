import { badActions, both } from '../support/bad-action.ts'

const exhausted = 'The action exhausted its memory and was aborted.'

badActions('actions that take too much', [
  {
    what: 'memory',
    code: {
      nodejs: 'function main() { const hog = []; for (;;) hog.push(Buffer.alloc(10e6, 1)) }',
      python: 'def main(args):\n    hog = []\n    while True:\n        hog.append(bytearray(b"x") * 10_000_000)',
    },
    status: 'action developer error',
    result: both(exhausted),
    logs: both(/^stderr: The action did not initialize or run as expected. Log data might be missing.$/),
  },
  {
    what: 'memory of the JavaScript heap, which V8 itself limits',
    code: { nodejs: 'function main() { const hog = []; for (;;) hog.push({ a: new Array(1000).fill(1.5) }) }' },
    status: 'action developer error',
    result: { nodejs: 'The action did not produce a valid response and exited unexpectedly.' },
    logs: { nodejs: /^stderr: FATAL ERROR: .* JavaScript heap out of memory$/m },
  },
  {
    what: 'memory in a child',
    code: {
      nodejs:
        'const { spawnSync } = require("child_process")\nfunction main() { return { signal: spawnSync("python3", ["-c", "bytearray(b\'x\') * 400_000_000"]).signal } }',
      python:
        'import subprocess\ndef main(args):\n    return {"signal": subprocess.run(["python3", "-c", "bytearray(b\'x\') * 400_000_000"]).returncode}',
    },
    status: 'success',
    result: { nodejs: { signal: 'SIGKILL' }, python: { signal: -9 } },
  },
  {
    what: 'room on the disk',
    code: {
      nodejs:
        'const fs = require("fs").promises\nasync function main() { const f = await fs.open("/tmp/full", "w"); try { for (;;) await f.write(Buffer.alloc(1e6)) } catch (error) { return { error: error.message } } }',
      python:
        'def main(args):\n    with open("/tmp/full", "wb") as f:\n        while True:\n            f.write(bytes(1_000_000))',
    },
    status: 'application error',
    result: { nodejs: /ENOSPC: no space left on device/, python: /No space left on device/ },
  },
  {
    what: 'time for children that stay',
    code: {
      nodejs:
        'const { spawn } = require("child_process")\nfunction main() { spawn("sleep", ["600"], { detached: true, stdio: "inherit" }).unref(); return { left: true } }',
      python:
        'import os, time\ndef main(args):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(600)\n        os._exit(0)\n    return {"left": True}',
    },
    status: 'success',
    result: both({ left: true }),
    logs: both(/^$/),
  },
])
