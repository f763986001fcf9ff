import { arch } from 'node:os'

const numbers = { x64: { getpid: 39, unshare: 272 }, arm64: { getpid: 172, unshare: 97 } }

const LOAD_NUMBER = 0x20
const JUMP_IF_EQUAL = 0x15
const RETURN = 0x06
const ALLOW = 0x7fff0000
const KILL_PROCESS = 0x80000000

/** A compiled seccomp filter that allows every system call but one, which kills the process. In base64. */
export function killsOn(call: 'getpid' | 'unshare'): string {
  const number = numbers[arch() as keyof typeof numbers][call]
  const instructions = [
    [LOAD_NUMBER, 0, 0, 0],
    [JUMP_IF_EQUAL, 0, 1, number],
    [RETURN, 0, 0, KILL_PROCESS],
    [RETURN, 0, 0, ALLOW],
  ] as const
  const bytes = Buffer.alloc(instructions.length * 8)
  instructions.forEach(([code, ifTrue, ifFalse, operand], at) => {
    bytes.writeUInt16LE(code, at * 8)
    bytes.writeUInt8(ifTrue, at * 8 + 2)
    bytes.writeUInt8(ifFalse, at * 8 + 3)
    bytes.writeUInt32LE(operand, at * 8 + 4)
  })
  return bytes.toString('base64')
}
