import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { run, say } from './run.mjs'

/**
 * Compiles the sources to dist/, unless it was compiled from what is there now.
 * @param {string} root the checkout, with its packages installed
 */
export function build(root) {
  const note = path.join(root, 'dist', '.compiled-from')
  const now = sources(root)
  const before = existsSync(note) ? JSON.parse(readFileSync(note, 'utf8')) : {}
  if (before.state === now.state) return
  say('compiling')
  // Without its sources a compiled file would stay for ever: begin anew when a file came or went.
  if (before.names !== now.names) rmSync(path.join(root, 'dist'), { recursive: true, force: true })
  rmSync(note, { force: true })
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  run('compile the sources', [process.execPath, tsc, '-p', 'deploy/setup/tsconfig.build.json'], { cwd: root })
  writeFileSync(note, JSON.stringify(now))
}

/** Two digests: of the names of all sources, and of their times and sizes too. */
function sources(root) {
  const names = createHash('sha256')
  const state = createHash('sha256')
  for (const file of ['tsconfig.json', 'package-lock.json', ...scripts(root, 'invoker'), ...scripts(root, 'deploy')]) {
    const { mtimeMs, size } = statSync(path.join(root, file))
    names.update(`${file}\n`)
    state.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return { names: names.digest('hex'), state: state.digest('hex') }
}

function scripts(root, folder) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .filter((name) => /\.(ts|json)$/.test(name) && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => path.join(folder, name))
}
