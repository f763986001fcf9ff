import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a kernel setting was, by its path below /proc/sys. */
type Settings = Readonly<Record<string, string>>

const CONF = 'net/ipv4/conf'
const FORWARD = 'net/ipv4/ip_forward'

/**
 * Turns on the forwarding of packets while an invoker of this host needs it. The first one notes how everything was, the last one puts it back:
 * the kernel changes the settings of all interfaces, and of redirects, with the one that we write.
 */
export class Forwarding {
  readonly #sys: string
  readonly #noted: string
  readonly #holders: string
  readonly #holder: string

  /** `folder` is shared by the invokers of this host; `sys` is /proc/sys. */
  constructor({
    folder,
    instance,
    sys = '/proc/sys',
  }: { readonly folder: string; readonly instance: string; readonly sys?: string }) {
    this.#sys = sys
    this.#noted = join(folder, 'before.json')
    this.#holders = join(folder, 'holders')
    this.#holder = join(this.#holders, instance)
  }

  async acquire(): Promise<void> {
    await mkdir(this.#holders, { recursive: true, mode: 0o700 })
    await writeFile(this.#holder, '')
    const before = await this.#read()
    if (before[FORWARD] === '1') return
    await writeFile(this.#noted, JSON.stringify(before))
    await writeFile(join(this.#sys, FORWARD), '1')
  }

  /** Without effect when this invoker does not hold it. */
  async release(): Promise<void> {
    await rm(this.#holder, { force: true })
    const others = await readdir(this.#holders).catch(() => [])
    if (others.length > 0) return
    const noted = await readFile(this.#noted, 'utf8').catch(() => undefined)
    if (noted !== undefined) await this.#putBack(JSON.parse(noted))
    await rm(join(this.#holders, '..'), { recursive: true, force: true })
  }

  async #read(): Promise<Settings> {
    const links = await readdir(join(this.#sys, CONF))
    const names = [FORWARD, `${CONF}/all/accept_redirects`, ...links.map((link) => `${CONF}/${link}/forwarding`)]
    const values = await Promise.all(names.map(async (name) => [name, await this.#readOne(name)] as const))
    return Object.fromEntries(values)
  }

  async #readOne(name: string): Promise<string> {
    return (await readFile(join(this.#sys, name), 'utf8').catch(() => '')).trim()
  }

  async #putBack(before: Settings): Promise<void> {
    // First the one that changes the others.
    const { [FORWARD]: forward = '0', ...others } = before
    await writeFile(join(this.#sys, FORWARD), forward)
    for (const [name, value] of Object.entries(others)) {
      const now = await this.#readOne(name)
      // An interface may have gone meanwhile.
      if (now !== '' && now !== value) await writeFile(join(this.#sys, name), value)
    }
  }
}
