import type { Libc } from './libc.ts'
import { AF_UNIX, CLOEXEC, SOCK_STREAM } from './sockets.ts'

const SOL_SOCKET = 1
const SCM_RIGHTS = 1
/** Neither wait, nor end us by SIGPIPE. */
const FLAGS = 0x40 | 0x4000

/** Two connected sockets that are closed on exec. @throws Error when no descriptor is left. */
export function makeSocketPair(libc: Libc): { readonly ours: number; readonly theirs: number } {
  const fds = new Int32Array(2)
  if (libc.socketpair(AF_UNIX, SOCK_STREAM | CLOEXEC, 0, fds) < 0) {
    throw new Error(`Cannot make a pair of sockets: ${libc.errorName()}`)
  }
  const [ours = -1, theirs = -1] = fds
  return { ours, theirs }
}

/**
 * Sends bytes with copies of descriptors, as far as the socket takes them at once; gives how many bytes went.
 * @throws Error with the errno's name; nothing went then.
 */
export function sendWithDescriptors(
  libc: Libc,
  socket: number,
  { bytes, descriptors }: { readonly bytes: Buffer; readonly descriptors: readonly number[] },
): number {
  const control = controlMessage(descriptors)
  const vector = words(libc.addressOf(bytes), BigInt(bytes.length))
  // struct msghdr: name, its length, vectors, their number, control, its length, flags.
  const header = words(0n, 0n, libc.addressOf(vector), 1n, libc.addressOf(control), BigInt(control.length), 0n)
  const sent = libc.sendmsg(socket, header, FLAGS)
  if (sent < 0) throw new Error(`Cannot send ${descriptors.length} descriptors: ${libc.errorName()}`)
  // What the header points to must not be collected before.
  return vector.length + control.length > 0 ? sent : 0
}

/** struct cmsghdr (its length, level, type) with the descriptors, padded to whole words (cmsg(3)). */
function controlMessage(descriptors: readonly number[]): Uint8Array {
  const length = 16 + 4 * descriptors.length
  const bytes = new Uint8Array(Math.ceil(length / 8) * 8)
  new BigUint64Array(bytes.buffer, 0, 1)[0] = BigInt(length)
  new Int32Array(bytes.buffer, 8).set([SOL_SOCKET, SCM_RIGHTS, ...descriptors])
  return bytes
}

function words(...values: readonly bigint[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values).buffer)
}
