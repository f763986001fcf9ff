import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../ports/log.ts'
import { command } from './network/command.ts'

const OPTION = 'favordynmods'

/** A mount of control groups v2: where, and with which options. */
export interface GroupMount {
  readonly target: string
  readonly options: readonly string[]
}

/** Finds the mount of v2 in `/proc/self/mountinfo` (proc(5)), that of a hybrid host too; undefined where there is none. */
export function groupMount(mountinfo: string): GroupMount | undefined {
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ')
    const [, , , , target, own = ''] = left.split(' ')
    const [type, , shared = ''] = right.split(' ')
    if (type !== 'cgroup2' || target === undefined) continue
    return { target, options: [...new Set([...own.split(','), ...shared.split(',')])] }
  }
  return undefined
}

/**
 * Makes processes move quickly between control groups while an invoker of this host needs it: without the mount option
 * `favordynmods` (Linux 6.0), the first move in a while waits 5 to 13 ms for a grace period of RCU, and each container that is started
 * or restored begins with one. Forks and ends pay with some nanoseconds, everywhere on the host. The first invoker notes how the
 * mount was, the last one puts it back.
 */
export class GroupMoves {
  readonly #noted: string
  readonly #holders: string
  readonly #holder: string
  readonly #log: Log
  readonly #remount: (mount: GroupMount) => Promise<unknown>
  readonly #mountinfo: string

  /** `folder` is shared by the invokers of this host. */
  constructor(options: {
    readonly folder: string
    readonly instance: string
    readonly log: Log
    readonly mountinfo?: string
    readonly remount?: (mount: GroupMount) => Promise<unknown>
  }) {
    const { folder, instance, log, mountinfo = '/proc/self/mountinfo', remount = remountGroups } = options
    this.#noted = join(folder, 'before.json')
    this.#holders = join(folder, 'holders')
    this.#holder = join(this.#holders, instance)
    this.#log = log
    this.#mountinfo = mountinfo
    this.#remount = remount
  }

  /** Never rejects for what the kernel refuses: moves are slower then, and that is all. */
  async acquire(): Promise<void> {
    await mkdir(this.#holders, { recursive: true, mode: 0o700 })
    await writeFile(this.#holder, '')
    const mount = groupMount(await readFile(this.#mountinfo, 'utf8'))
    if (mount === undefined || mount.options.includes(OPTION)) return
    await writeFile(this.#noted, JSON.stringify(mount))
    try {
      await this.#remount({ ...mount, options: [...mount.options, OPTION] })
    } catch (error) {
      await rm(this.#noted, { force: true })
      this.#log.info('containers start some ms later than they could', { remedy: 'use Linux 6.0 or newer', error })
    }
  }

  /** Without effect when this invoker does not hold it. */
  async release(): Promise<void> {
    await rm(this.#holder, { force: true })
    const others = await readdir(this.#holders).catch(() => [])
    if (others.length > 0) return
    const noted = await readFile(this.#noted, 'utf8').catch(() => undefined)
    if (noted !== undefined) await this.#remount(JSON.parse(noted))
    await rm(join(this.#holders, '..'), { recursive: true, force: true })
  }
}

/** All options are named, and are all that there will be: mount would add those that there are. */
function remountGroups({ target, options }: GroupMount): Promise<string> {
  const words = ['remount', ...options].join(',')
  return command(['mount', '--options-mode', 'ignore', '-o', words, 'cgroup2', target])
}
