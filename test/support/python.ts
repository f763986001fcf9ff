import { execFileSync } from 'node:child_process'

/** What a piece of Python prints, trimmed; `fds` are its descriptors from 3 on. */
export function python(code: string, fds: readonly number[] = []): string {
  return execFileSync('/usr/bin/python3', ['-c', `import os\n${code}`], {
    stdio: ['ignore', 'pipe', 'inherit', ...fds],
    encoding: 'utf8',
  }).trim()
}
