import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Libc } from './libc.ts'

const PTRACE_DETACH = 17
const PTRACE_SEIZE = 0x4206
const PTRACE_INTERRUPT = 0x4207
const PTRACE_SECCOMP_GET_FILTER = 0x420c
const P_PID = 1
/** Stops only, of any task, at once: an end is for somebody else to reap. */
const STOPS = 1 | 2 | 0x40000000
/** Bytes of a `siginfo_t`, and of a `struct sock_filter`. */
const SIGINFO = 128
const INSTRUCTION = 8
/** How often, and how long apart in ms, a stop is looked for before others get their turn. */
const LOOKS = 20
const LOOK_MS = 1
/** How often, and how long apart in ms, a process is asked: a second and more in all. */
const TRIES = 50
const PAUSE_MS = 20

/**
 * Reads the compiled filter of a process (ptrace(2), PTRACE_SECCOMP_GET_FILTER): the instructions, in order. It tries again: what is
 * being started gets its filter just before the program that it becomes, and a thread that becomes one leaves its tracer behind.
 * @throws Error when there is not exactly one filter.
 */
export async function readSeccompFilter(libc: Libc, pid: number, tries = TRIES): Promise<Buffer> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return readNow(libc, pid)
    } catch (error) {
      if (left <= 0 || !existsSync(`/proc/${pid}`)) throw error
    }
    await sleep(PAUSE_MS)
  }
}

/** Synchronous, so that nobody who waits for the end of processes meets the stop. */
function readNow(libc: Libc, pid: number): Buffer {
  const check = (result: number, what: string): number => {
    if (result < 0) throw new Error(`Cannot ${what} process ${pid} for its seccomp filter: ${libc.errorName()}`)
    return result
  }
  check(libc.ptrace(PTRACE_SEIZE, pid, 0, null), 'trace')
  try {
    check(libc.ptrace(PTRACE_INTERRUPT, pid, 0, null), 'stop')
    awaitStop(libc, pid)
    const instructions = check(libc.ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, null), 'ask')
    const filter = Buffer.alloc(instructions * INSTRUCTION)
    check(libc.ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, filter), 'ask')
    if (libc.ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 1, null) >= 0) {
      throw new Error(`Cannot use the seccomp filter of process ${pid}: it has several`)
    }
    return filter
  } finally {
    libc.ptrace(PTRACE_DETACH, pid, 0, null)
  }
}

function awaitStop(libc: Libc, pid: number): void {
  const info = new Uint8Array(SIGINFO)
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let look = 0; look < LOOKS; look += 1) {
    if (libc.waitid(P_PID, pid, info, STOPS) < 0) {
      throw new Error(`Cannot wait until process ${pid} stands still: ${libc.errorName()}`)
    }
    if (info.some((byte) => byte !== 0)) return
    Atomics.wait(pause, 0, 0, LOOK_MS)
  }
  throw new Error(`Process ${pid} does not stand still`)
}
