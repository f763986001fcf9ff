import { closeSync, constants, openSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlGroup } from '../../ports/kernel.ts'
import { type CgroupMounts, readKey, readMembership } from './cgroup-files.ts'
import { type LimitFolders, resizeGroup } from './resize-group.ts'

/** How often, and how long apart in ms, a frozen state is looked for: a second in all. */
const LOOKS = 200
const LOOK_MS = 5

/** The control groups of one process, found once; they are read and written through their files. */
export class FileControlGroup implements ControlGroup {
  readonly paths: readonly string[]
  readonly #memory: string | undefined
  readonly #freezerV1: string | undefined
  readonly #v2: string | undefined
  readonly #limits: LimitFolders
  /** Groups that were made for this container: not the root of a hierarchy. */
  readonly #own: readonly string[]

  /** `membership` is the text of `/proc/PID/cgroup`. */
  constructor(mounts: CgroupMounts, membership: string) {
    const paths = new Map<string, string>()
    for (const [controller, path] of readMembership(membership)) {
      const mount = mounts.get(controller)
      if (mount !== undefined) paths.set(controller, join(mount, path))
    }
    this.paths = [...new Set(paths.values())]
    const roots = new Set([...mounts.values()].map((mount) => join(mount, '/')))
    this.#own = this.paths.filter((path) => !roots.has(path))
    this.#memory = paths.get('memory')
    this.#freezerV1 = paths.get('freezer')
    this.#v2 = paths.get('')
    this.#limits = { memoryV1: this.#memory, cpuV1: paths.get('cpu'), v2: this.#v2 }
  }

  async freeze(): Promise<void> {
    await this.#setFrozen(true)
  }

  async thaw(): Promise<void> {
    await this.#setFrozen(false)
  }

  oomKills(): number {
    return this.#memory === undefined
      ? readKey(readQuietly(this.#v2, 'memory.events'), 'oom_kill')
      : readKey(readQuietly(this.#memory, 'memory.oom_control'), 'oom_kill')
  }

  memoryBytes(): number {
    const text =
      this.#memory === undefined
        ? readQuietly(this.#v2, 'memory.current')
        : readQuietly(this.#memory, 'memory.usage_in_bytes')
    return Number(text) || 0
  }

  resize(size: { readonly memoryMb: number; readonly cpuShares: number }): void {
    resizeGroup(this.#limits, size)
  }

  openProcs(): readonly number[] {
    const opened: number[] = []
    try {
      for (const path of this.#own) opened.push(openSync(join(path, 'cgroup.procs'), constants.O_WRONLY))
      return opened
    } catch (error) {
      for (const fd of opened) closeSync(fd)
      throw error
    }
  }

  async #setFrozen(wanted: boolean): Promise<void> {
    const folder = this.#freezerV1 ?? this.#v2
    if (folder === undefined) throw new Error('Cannot freeze a container: no freezer is mounted')
    if (this.#freezerV1 === undefined) await writeFile(join(folder, 'cgroup.freeze'), wanted ? '1' : '0')
    else await writeFile(join(folder, 'freezer.state'), wanted ? 'FROZEN' : 'THAWED')
    for (let look = 0; look < LOOKS; look += 1) {
      if (this.#isFrozen(folder) === wanted) return
      await sleep(LOOK_MS)
    }
    throw new Error(`Cannot ${wanted ? 'freeze' : 'thaw'} "${folder}": no change after ${LOOKS * LOOK_MS} ms`)
  }

  #isFrozen(folder: string): boolean {
    return this.#freezerV1 === undefined
      ? readKey(readQuietly(folder, 'cgroup.events'), 'frozen') === 1
      : readQuietly(folder, 'freezer.state').trim() !== 'THAWED' && isWhole(readQuietly(folder, 'freezer.state'))
  }
}

/** v1 answers FREEZING while some process still runs. */
function isWhole(state: string): boolean {
  return state.trim() === 'FROZEN'
}

/** Text of a file of the group; empty when the group is gone, which is how a container that ended looks. */
function readQuietly(folder: string | undefined, file: string): string {
  if (folder === undefined) return ''
  try {
    return readFileSync(join(folder, file), 'utf8')
  } catch {
    return ''
  }
}
