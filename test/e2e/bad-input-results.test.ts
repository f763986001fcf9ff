import { badActions, both } from '../support/bad-action.ts'

const notDictionary = {
  nodejs: 'The action did not return a dictionary.',
  python: 'The action did not return a dictionary or array.',
}
const tooLong = (length: number): RegExp =>
  new RegExp(
    `^The action produced a response that exceeded the allowed length: ${length} > 1048576 bytes. The truncated response was: .{1048576}$`,
  )

badActions('bad results', [
  {
    what: 'text',
    code: { nodejs: 'const main = () => "text"', python: 'def main(args):\n    return "text"' },
    status: 'action developer error',
    result: notDictionary,
  },
  {
    what: '2 MB',
    code: {
      nodejs: 'const main = () => ({ a: "x".repeat(2097152) })',
      python: 'def main(args):\n    return {"a": "x" * 2097152}',
    },
    status: 'application error',
    result: { nodejs: tooLong(2_097_160), python: tooLong(2_097_162) },
  },
  {
    what: 'cyclic',
    code: {
      nodejs: 'function main() { const a = {}; a.a = a; return a }',
      python: 'def main(args):\n    a = {}\n    a["a"] = a\n    return a',
    },
    status: 'action developer error',
    result: {
      nodejs: /^An error has occurred: TypeError: Converting circular structure to JSON/,
      python: notDictionary.python,
    },
  },
  {
    what: 'NaN, which is null in JavaScript',
    code: { nodejs: 'const main = () => ({ n: NaN })' },
    status: 'success',
    result: { nodejs: { n: null } },
  },
  {
    what: 'NaN',
    code: { python: 'def main(args):\n    return {"n": float("nan")}' },
    status: 'action developer error',
    result: { python: notDictionary.python },
  },
  {
    what: 'deeply nested',
    code: {
      nodejs: 'const main = () => JSON.parse("{\\"a\\":" + "[".repeat(3000) + "]".repeat(3000) + "}")',
      python:
        'import json, sys\nsys.setrecursionlimit(9000)\ndef main(args):\n    return json.loads(\'{"a":\' + "[" * 3000 + "]" * 3000 + "}")',
    },
    status: 'action developer error',
    result: both(/^The action did not produce a valid JSON or JSON Array response: \{"a": ?\[\[\[/),
  },
  {
    what: 'none, since it exits',
    code: { nodejs: 'const main = () => process.exit(0)', python: 'import os\ndef main(args):\n    os._exit(0)' },
    status: 'action developer error',
    result: both('The action did not produce a valid response and exited unexpectedly.'),
  },
  {
    what: 'none, since it is killed',
    code: {
      nodejs: 'const main = () => new Promise(() => process.kill(process.pid, "SIGKILL"))',
      python: 'import os, signal\ndef main(args):\n    os.kill(os.getpid(), signal.SIGSEGV)\n    signal.pause()',
    },
    status: 'action developer error',
    result: both('The action did not produce a valid response and exited unexpectedly.'),
  },
  {
    what: 'none in time',
    code: {
      nodejs: 'const main = () => new Promise(() => {})',
      python: 'import time\ndef main(args):\n    time.sleep(99)',
    },
    limits: { timeout: 500 },
    status: 'action developer error',
    result: both('The action exceeded its time limits of 500 milliseconds.'),
  },
  {
    what: 'none in time, since it never lets go',
    code: { nodejs: 'const main = () => { for (;;) {} }', python: 'def main(args):\n    while True:\n        pass' },
    limits: { timeout: 500 },
    status: 'action developer error',
    result: both('The action exceeded its time limits of 500 milliseconds.'),
  },
  {
    what: 'an error in the middle of an object',
    code: {
      nodejs: 'const main = () => ({ error: { deep: [1] }, more: 2 })',
      python: 'def main(args):\n    return {"error": {"deep": [1]}, "more": 2}',
    },
    status: 'application error',
    result: both({ error: { deep: [1] } }),
  },
])
