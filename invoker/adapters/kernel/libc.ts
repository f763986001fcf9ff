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
  /** As waitid(2), without a resource usage; `info` takes the 128 bytes of a `siginfo_t`. */
  waitid(idType: number, id: number, info: Uint8Array, options: number): number
  socketpair(domain: number, type: number, protocol: number, fds: Int32Array): number
  /** `header` is a `struct msghdr` in memory. */
  sendmsg(fd: number, header: Uint8Array, flags: number): number
  /** As ptrace(2) with integers and an address, or null. Requests that peek at words of memory are not served. */
  ptrace(request: number, pid: number, address: number, data: Uint8Array | null): number
  /** Where bytes are in memory; valid for as long as the buffer is alive. */
  addressOf(bytes: Uint8Array): bigint
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
    waitid: library.func('int waitid(int idtype, unsigned int id, _Out_ uint8_t *info, int options)'),
    socketpair: library.func('int socketpair(int domain, int type, int protocol, _Out_ int32_t *fds)'),
    sendmsg: library.func('long sendmsg(int fd, const uint8_t *header, int flags)'),
    ptrace: library.func('long ptrace(long request, int pid, uintptr_t address, _Out_ uint8_t *data)'),
    addressOf: (bytes) => BigInt(koffi.address(bytes)),
    errorName: () => errorName(koffi.errno()),
  }
}

function errorName(errno: number): string {
  return Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`
}
