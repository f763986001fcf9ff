import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { alone } from './alone.mjs'
import { debianSource } from './apt-source.mjs'
import { run, say } from './run.mjs'

/** Older ones cannot restore on Linux 6.13 and newer, nor dump a process whose user is not their own. */
const oldest = [4, 1]
/** Release of Debian that has one. */
const suite = 'trixie'
/** Runs it with the loader and the libraries of its release, wherever this folder is. */
const wrapper = `#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
for loader in "$root"/usr/lib/*-linux-gnu/ld-linux-*.so.*; do
  libraries=$(dirname "$loader")
  exec "$loader" --library-path "$libraries" "$root/usr/sbin/criu" "$@"
done
`
/** A machine without a network must not wait long for what it can do without. */
const patience = ['Acquire::Retries=1', 'Acquire::http::Timeout=10', 'Acquire::https::Timeout=10']

/**
 * Sees to a CRIU that can restore images of Node.js: where the system's is missing or too old, that of a newer Debian is unpacked
 * into `<tools>/criu`, with its libraries. Nothing of the system changes. With it there, it takes no time.
 * @param {{ root: string, tools: string, isNeeded: boolean }} where the checkout, and the directory of tools
 * @throws {Error} when it cannot be had and `isNeeded`; otherwise it is a line for the user
 */
export function setUpCriu({ root, tools, isNeeded }) {
  const target = path.join(tools, 'criu')
  // Only root can restore anything.
  if (process.getuid?.() !== 0 || existsSync(path.join(target, 'criu')) || isNewEnough(versionOf('criu'))) return
  try {
    alone(root, () => {
      say(`unpacking CRIU ${oldest.join('.')} or newer`)
      unpack(target)
    })
  } catch (error) {
    rmSync(`${target}.new`, { recursive: true, force: true })
    if (isNeeded) throw error
    say(`actions of Node.js start without dependency images, for want of CRIU ${oldest.join('.')}: ${error.message}`)
  }
}

/** Whether what CRIU says of its version will do. @param {string} said */
export function isNewEnough(said) {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(said) ?? []
  return Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1])
}

/** What a CRIU says of its version; "" where it does not run. */
function versionOf(command) {
  try {
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
    return execFileSync(command, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env })
  } catch {
    return ''
  }
}

/** Makes the whole folder anew and puts it in its place in one step. */
function unpack(target) {
  const fresh = `${target}.new`
  rmSync(fresh, { recursive: true, force: true })
  const [debs, unpacked] = [path.join(fresh, 'debs'), path.join(fresh, 'root')]
  const apt = privateApt(path.join(fresh, 'apt'))
  mkdirSync(debs)
  mkdirSync(unpacked)
  run(`read the packages of Debian ${suite}`, ['apt-get', ...apt, '-qq', 'update'])
  const packages = needed(execFileSync('apt-cache', [...apt, ...depends, 'criu'], { encoding: 'utf8' }))
  run('download CRIU', ['apt-get', ...apt, '-qq', 'download', ...packages], { cwd: debs })
  for (const deb of readdirSync(debs)) run(`unpack ${deb}`, ['dpkg-deb', '-x', path.join(debs, deb), unpacked])
  for (const folder of [debs, path.join(fresh, 'apt')]) rmSync(folder, { recursive: true })
  const program = path.join(fresh, 'criu')
  writeFileSync(program, wrapper)
  chmodSync(program, 0o755)
  const said = versionOf(program)
  if (!isNewEnough(said)) throw new Error(`Cannot use the CRIU of Debian ${suite}: it says "${said.trim()}"`)
  rmSync(target, { recursive: true, force: true })
  renameSync(fresh, target)
}

const depends = ['depends', '--recurse', '--no-recommends', '--no-suggests', '--no-conflicts', '--no-breaks'].concat([
  '--no-replaces',
  '--no-enhances',
])

/** CRIU and the libraries among what it depends on. @param {string} listed what `apt-cache depends` prints */
export function needed(listed) {
  const names = listed.split('\n').filter((line) => /^(criu$|lib[a-z0-9.+-]+$)/.test(line))
  return [...new Set(names)].sort()
}

/** Options with which apt knows one release and nothing of what is installed, and keeps its state in a folder of its own. */
function privateApt(folder) {
  for (const name of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(path.join(folder, name), { recursive: true })
  writeFileSync(path.join(folder, 'status'), '')
  writeFileSync(path.join(folder, 'sources.list'), sourceOf(suite))
  const options = [
    `Dir::Etc::sourcelist=${path.join(folder, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${path.join(folder, 'lists')}`,
    `Dir::Cache=${path.join(folder, 'cache')}`,
    `Dir::State::status=${path.join(folder, 'status')}`,
    'APT::Install-Recommends=false',
    // Root reads and writes: the user of apt may not enter where the checkout is.
    'APT::Sandbox::User=root',
    ...patience,
  ]
  return options.flatMap((option) => ['-o', option])
}

/** This machine's own source of Debian, for another release. @throws {Error} where it has none */
function sourceOf(release) {
  const folder = '/etc/apt/sources.list.d'
  const names = existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : []
  const files = ['/etc/apt/sources.list', ...names].filter((file) => existsSync(file))
  const codename = /^VERSION_CODENAME=(.+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? ''
  const source = debianSource(
    files.map((file) => ({ file, text: readFileSync(file, 'utf8') })),
    codename,
  )
  if (source === undefined) throw new Error(`apt has no source of Debian ${codename}`.trim())
  return `deb [signed-by=${source.signedBy}] ${source.uri} ${release} main\n`
}
