import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** Where system programs are; nothing else of our own environment is passed on. */
const PATH = '/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin:/sbin:/bin'

/** Runs a program to its end and gives what it printed. @throws Error with what it said on stderr when it fails. */
export async function command(words: readonly string[], input = ''): Promise<string> {
  const [program = '', ...rest] = words
  const child = spawn(program, rest, { stdio: 'pipe', env: { PATH } })
  // A program that ends before it has read everything says so by its exit code.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  if (code !== 0) throw new Error(`Cannot run "${words.join(' ')}": ${stderr.trim() || `it ended with ${code}`}`)
  return stdout
}
