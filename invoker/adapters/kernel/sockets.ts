import { rmSync } from 'node:fs'
import type { ListeningSocket } from '../../ports/kernel.ts'
import type { Libc } from './libc.ts'

export const AF_UNIX = 1
export const SOCK_STREAM = 1
/** O_CLOEXEC and SOCK_CLOEXEC are the same bit on Linux. */
export const CLOEXEC = 0o2000000
const BACKLOG = 128
/** Bytes of `sun_path`, the terminating zero included. */
const PATH_BYTES = 108

/**
 * A Unix socket that listens at `path`, closed on exec.
 * @throws Error when the path is too long or taken; nothing is left open then.
 */
export function listenUnix(libc: Libc, path: string): ListeningSocket {
  const name = Buffer.from(`${path}\0`)
  if (name.length > PATH_BYTES) {
    throw new Error(`Cannot listen at "${path}": ${name.length} bytes, at most ${PATH_BYTES} fit`)
  }
  const family = Buffer.alloc(2)
  new Uint16Array(family.buffer, family.byteOffset, 1)[0] = AF_UNIX
  const address = Buffer.concat([family, name])
  const fd = libc.socket(AF_UNIX, SOCK_STREAM | CLOEXEC, 0)
  if (fd < 0) throw new Error(`Cannot make a socket: ${libc.errorName()}`)
  if (libc.bind(fd, address, address.length) < 0 || libc.listen(fd, BACKLOG) < 0) {
    const why = libc.errorName()
    libc.close(fd)
    throw new Error(`Cannot listen at "${path}": ${why}`)
  }
  let isOpen = true
  const release = (): void => {
    if (isOpen) libc.close(fd)
    isOpen = false
  }
  return {
    fd,
    path,
    release,
    close: () => {
      release()
      rmSync(path, { force: true })
    },
  }
}

/** A pipe whose ends are closed on exec. @throws Error when no descriptor is left. */
export function makePipe(libc: Libc): { readonly readFd: number; readonly writeFd: number } {
  const fds = new Int32Array(2)
  if (libc.pipe2(fds, CLOEXEC) < 0) throw new Error(`Cannot make a pipe: ${libc.errorName()}`)
  const [readFd = -1, writeFd = -1] = fds
  return { readFd, writeFd }
}
