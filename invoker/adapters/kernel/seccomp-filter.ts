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
/** How often, and how long apart in ms, a stop is looked for: a second in all, for a machine that is overloaded. */
const LOOKS = 1000
const LOOK_MS = 1

/**
 * Reads the compiled filter of a process (ptrace(2), PTRACE_SECCOMP_GET_FILTER): the instructions, in order. Synchronous, so that
 * nobody who waits for the end of processes meets the stop. @throws Error when there is not exactly one filter.
 */
export function readSeccompFilter(libc: Libc, pid: number): Buffer {
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
