import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { findModules } from './python.mjs'
import { run, say } from './run.mjs'

/** @import { Need } from './needs.mjs' */

/** The needs that the machine does not meet. @param {Need[]} needs @returns {Need[]} */
export function missing(needs) {
  const modules = findModules(needs.flatMap(({ module }) => module ?? []))
  return needs.filter(
    ({ commands = [], file, module }) =>
      !commands.some(onPath) && !(file && existsSync(file)) && !(module && modules.has(module)),
  )
}

/** Whether a command can be run; also where only root's path would find it. @param {string} command */
function onPath(command) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, command), constants.X_OK)
      return true
    } catch {
      // Not in this folder.
      return false
    }
  })
}

/**
 * Installs what the machine lacks when we are root on Debian or Ubuntu; else says the line to run, and goes on: what is
 * possible without is for the program to say.
 * @param {Need[]} needs
 * @throws {Error} when installing fails
 */
export function completeSystem(needs) {
  const lacking = missing(needs)
  if (lacking.length === 0) return
  const names = lacking.map(({ what }) => what).join(', ')
  if (!isDebian())
    return say(`this machine lacks ${names}: install what your system calls ${packagesOf(lacking).join(' ')}`)
  const line = ['apt-get', 'install', '--yes', '--no-install-recommends', ...packagesOf(lacking)]
  if (process.getuid?.() !== 0) return say(`this machine lacks ${names}; to install it, run:\n  sudo ${line.join(' ')}`)
  say(`installing ${names}`)
  install(lacking)
}

/** Updates the package lists only when installing without it fails: lists that know the packages are good enough. */
function install(lacking) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const attempt = () => {
    const line = ['apt-get', 'install', '--yes', '--no-install-recommends', ...packagesOf(lacking)]
    run(`install ${lacking.map(({ what }) => what).join(', ')}`, line, { env })
  }
  try {
    attempt()
  } catch {
    // The lists may be empty or old; what remains wrong with fresh ones is thrown by the second attempt.
    run('update the package lists', ['apt-get', 'update'], { env })
    attempt()
  }
}

/**
 * The packages that bring what is lacking: of several the first that is known.
 * @param {Pick<Need, 'packages'>[]} lacking
 * @param {(name: string) => boolean} [isKnown]
 * @returns {string[]}
 */
export function packagesOf(lacking, isKnown = isInLists) {
  return lacking.map(({ packages }) => (packages.length > 1 ? packages.find(isKnown) : undefined) ?? packages[0])
}

function isInLists(name) {
  return spawnSync('apt-cache', ['show', '--no-all-versions', name], { stdio: 'ignore' }).status === 0
}

function isDebian() {
  return (
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'))
  )
}
