import { constants } from 'node:os'

/** How a process ended. `unknown`: it was no child of ours, or somebody else reaped it. */
export type ProcessEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: number }
  | { readonly kind: 'unknown' }

/** Reads a wait status (waitpid(2)): the low seven bits are the signal, the next byte the exit code. */
export function readStatus(status: number): ProcessEnd {
  const signal = status & 0x7f
  return signal === 0 ? { kind: 'exit', code: (status >> 8) & 0xff } : { kind: 'signal', signal }
}

/** `with exit code 1`, `by SIGKILL`. */
export function howEnded(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exit':
      return `with exit code ${end.code}`
    case 'signal':
      return `by ${Object.entries(constants.signals).find(([, number]) => number === end.signal)?.[0] ?? end.signal}`
    case 'unknown':
      return 'in a way that nobody saw'
    default:
      return end satisfies never
  }
}
