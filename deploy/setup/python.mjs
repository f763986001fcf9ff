import { spawnSync } from 'node:child_process'

/** The Python that actions run on; another one on the path would have other libraries. */
export const python = '/usr/bin/python3'

const program = `
import importlib.util, os, sys
for name in sys.argv[1:]:
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.origin is not None:
        print(name, spec.origin, os.stat(spec.origin).st_mtime_ns)
`

/**
 * Which of these modules the system's Python can import. Nothing is imported.
 * @param {string[]} names
 * @returns {Map<string, string>} name to a text that is another one when another build of the module is installed
 */
export function findModules(names) {
  if (names.length === 0) return new Map()
  const { stdout } = spawnSync(python, ['-s', '-B', '-c', program, ...names], { encoding: 'utf8' })
  const lines = (stdout ?? '').split('\n').filter((line) => line !== '')
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line]))
}
