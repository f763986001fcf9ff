import { aZip, renamed, zipBytes } from '../support/a-zip.ts'
import { badActions, both } from '../support/bad-action.ts'

const echo = { nodejs: 'exports.main = (p) => p', python: 'def main(args):\n    return args' }
const entry = { nodejs: 'index.js', python: '__main__.py' }
const badCode = 'The action failed to generate or locate a binary. See logs for details.'
const badStart = 'Cannot start action. Check logs for details.'

/** An archive of each kind: good code, with something bad beside it. */
function archives(make: (code: Readonly<Record<string, string>>) => Promise<string>): {
  readonly nodejs: Promise<string>
  readonly python: Promise<string>
} {
  return { nodejs: make({ [entry.nodejs]: echo.nodejs }), python: make({ [entry.python]: echo.python }) }
}

async function cutOff(code: Readonly<Record<string, string>>): Promise<string> {
  const zip = await zipBytes({ ...code, more: 'x'.repeat(1000) })
  return zip.subarray(0, zip.length - 30).toString('base64')
}

badActions('bad code', [
  {
    what: 'does not parse',
    code: { nodejs: 'function main( {', python: 'def main(:\n    pass' },
    status: 'action developer error',
    result: { nodejs: /^Initialization has failed due to: .*SyntaxError: /s, python: badCode },
    logs: both(
      /SyntaxError: .*\nstderr: The action did not initialize or run as expected. Log data might be missing.$/s,
    ),
  },
  {
    what: 'fails while it is loaded',
    code: { nodejs: 'throw new Error("at load")', python: 'raise ValueError("at load")' },
    status: 'action developer error',
    result: { nodejs: /^Initialization has failed due to: Error: at load/, python: badStart },
  },
  {
    what: 'has no function of the name in main',
    code: echo,
    main: 'elsewhere',
    status: 'action developer error',
    result: { nodejs: /^Initialization has failed due to: .*'elsewhere' is not a function/, python: badStart },
  },
  {
    what: 'has a mistake in its base64, and is text that does not parse',
    code: archives(async (code) => `${await aZip(code)}!`),
    status: 'action developer error',
    result: { nodejs: /^Initialization has failed due to: .*SyntaxError: /s, python: badCode },
  },
  {
    what: 'is a corrupt zip',
    code: archives(cutOff),
    status: 'action developer error',
    result: both(/There was an error uncompressing the action archive/),
  },
  {
    what: 'is a zip bomb',
    code: archives((code) => aZip({ ...code, zeros: Buffer.alloc(80 * 1024 * 1024) })),
    status: 'action developer error',
    result: both(/it would grow from \d+ to \d+ bytes, more than 100 times/),
  },
  {
    what: 'is a zip with a path that leaves the directory',
    code: archives(async (code) =>
      renamed(await zipBytes({ ...code, xxxxescaped: 'bad' }), 'xxxxescaped', '../_escaped').toString('base64'),
    ),
    status: 'action developer error',
    result: both(/the entry "..\/_escaped" leaves the directory/),
  },
  {
    what: 'is a zip with a link that leaves the directory',
    code: archives((code) => aZip({ ...code, out: { link: '../../secret' } })),
    status: 'action developer error',
    result: both(/the link "out" leaves the directory/),
  },
  {
    what: 'exits while it is loaded',
    code: { nodejs: 'process.exit(5)', python: 'import sys\nsys.exit(5)' },
    status: 'action developer error',
    result: both('The action did not initialize and exited unexpectedly.'),
  },
  {
    what: 'does not end to load',
    code: { nodejs: 'for (;;) {}', python: 'while True:\n    pass' },
    limits: { timeout: 1500 },
    status: 'action developer error',
    result: both('The action exceeded its time limits of 1500 milliseconds during initialization.'),
  },
  {
    what: 'takes more memory than it has while it is loaded',
    code: { nodejs: 'const hog = Buffer.alloc(400e6, 1)', python: 'hog = bytearray(b"x") * 400_000_000' },
    status: 'action developer error',
    result: both('The action exhausted its memory and was aborted.'),
  },
])
