import { constants } from 'node:os'
import koffi from 'koffi'

/** The few calls of the C library that Node does not offer. Each gives -1 and sets errno when it fails. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number
  bind(fd: number, address: Uint8Array, length: number): number
  listen(fd: number, backlog: number): number
  close(fd: number): number
  pipe2(fds: Int32Array, flags: number): number
  prctl(option: number, argument: number): number
  waitpid(pid: number, status: Int32Array, options: number): number
  /** Name of the last call's errno, such as `EADDRINUSE`. */
  errorName(): string
}

/** Opens the C library of this process (glibc). @throws Error on systems without `libc.so.6`. */
export function openLibc(): Libc {
  const library = koffi.load('libc.so.6')
  // prctl is variadic in C; with the System V and AArch64 conventions a fixed prototype passes integers in the same places.
  const prctl = library.func(
    'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
  )
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    bind: library.func('int bind(int fd, const uint8_t *address, uint32_t length)'),
    listen: library.func('int listen(int fd, int backlog)'),
    close: library.func('int close(int fd)'),
    pipe2: library.func('int pipe2(_Out_ int32_t *fds, int flags)'),
    prctl: (option, argument) => prctl(option, argument, 0, 0, 0),
    waitpid: library.func('int waitpid(int pid, _Out_ int32_t *status, int options)'),
    errorName: () => errorName(koffi.errno()),
  }
}

function errorName(errno: number): string {
  return Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`
}
