import { readFileSync } from 'node:fs'
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from '../../faults/fault.ts'

/** When a process started, in ticks since boot; with its number it names a process for good. Undefined: there is none. */
function startOf(pid: number): string | undefined {
  try {
    // The second field is a name in parentheses that may hold anything; start time is the 20th after it (proc(5)).
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19]
  } catch {
    return undefined
  }
}

/** Says which process an instance's state belongs to, so that nobody takes a running invoker's containers for left-overs. */
export class Owner {
  readonly #file: string
  readonly #instance: string

  constructor({ file, instance }: { readonly file: string; readonly instance: string }) {
    this.#file = file
    this.#instance = instance
  }

  /** @throws Fault SETTINGS_WRONG when another process that still runs owns the instance. */
  async check(): Promise<void> {
    const [pid = '', start] = (await readFile(this.#file, 'utf8').catch(() => '')).split(' ')
    if (pid === '' || pid === String(process.pid) || startOf(Number(pid)) !== start) return
    throw new Fault(
      'SETTINGS_WRONG',
      `process ${pid} runs as "${this.#instance}" already: give this invoker another id or unique name`,
    )
  }

  async take(): Promise<void> {
    await this.check()
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 })
    await writeFile(this.#file, `${process.pid} ${startOf(process.pid)}`)
  }

  async leave(): Promise<void> {
    await rm(this.#file, { force: true })
    // Another invoker may have its state beside ours.
    await rmdir(dirname(this.#file)).catch(() => undefined)
  }
}
