import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { run, say } from './run.mjs'

/** npm waits 10 s and 60 s before it asks again, for one package after the other: without a registry that takes half an hour. */
const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=4000']

/**
 * Installs the npm packages of the lock file, unless they are there. `npm install --no-save`, since `npm ci` refuses a lock
 * file with optional packages for other platforms that a registry lacks; the lock file stays as it is.
 * @param {string} root the checkout
 */
export function installPackages(root) {
  const wanted = digest(root)
  const note = path.join(root, 'node_modules', '.warmwhisk-lock')
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return
  say('installing the npm packages')
  npmInstall(root, ['--include=dev'])
  writeFileSync(note, wanted)
}

/** Installs what the lock file of a folder says, and leaves that as it is. @param {string} folder @param {string[]} flags */
export function npmInstall(folder, flags) {
  const all = ['--no-save', ...flags, '--no-audit', '--no-fund', '--loglevel=error', ...patience]
  run('install the npm packages', [...npm(), 'install', ...all], { cwd: folder })
}

function digest(root) {
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', '.npmrc']) hash.update(readFileSync(path.join(root, file)))
  return hash.digest('hex')
}

/** The npm that started us, or the one on the path. */
function npm() {
  const script = process.env.npm_execpath
  return script && /npm-cli\.[cm]?js$/.test(script) ? [process.execPath, script] : ['npm']
}
