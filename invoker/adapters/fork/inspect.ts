import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The capabilities of a template, as a bit mask: CAP_SETPCAP, CAP_SYS_CHROOT, CAP_SYS_ADMIN (capabilities(7)). */
const CAPABILITIES = (1n << 8n) | (1n << 18n) | (1n << 21n)

/** What can be seen of a process from outside. */
export interface Seen {
  readonly threads: number
  readonly sockets: number
  readonly capabilities: bigint
}

/** Looks at a process. @throws Error when there is none. */
export function look(pid: number): Seen {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return {
    threads: readdirSync(`/proc/${pid}/task`).length,
    sockets: readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length,
    capabilities: BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`),
  }
}

/** What is wrong with a template, whatever it says of itself; undefined: nothing. Threads and sockets are not there in a forked child. */
export function whyUnsuitable({ threads, sockets }: Seen): string | undefined {
  if (threads !== 1) return `there are ${threads} threads, and only one survives a fork`
  if (sockets !== 1) return `${sockets - 1} sockets are open`
  return undefined
}

/** Whether a template has exactly the rights that it needs. */
export function hasRights({ capabilities }: Seen): boolean {
  return capabilities === CAPABILITIES
}

function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith('socket:')
  } catch {
    // Closed meanwhile.
    return false
  }
}
