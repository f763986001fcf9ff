import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Inventory } from '../../ports/inventory.ts'

/** What code that is compiled or chosen for a CPU may depend on, on x86 and on ARM. */
const telling = /^(vendor_id|cpu family|model|model name|flags|CPU implementer|CPU architecture|CPU part|Features)\s*:/

/** Architecture of this machine, and a digest of what its first CPU is and can. */
export function readMachine(cpuinfo: () => string = () => readFileSync('/proc/cpuinfo', 'utf8')): Inventory['machine'] {
  const [first = ''] = cpuinfo().split('\n\n', 1)
  const lines = first.split('\n').filter((line) => telling.test(line))
  const cpu = createHash('sha256').update(lines.join('\n')).digest('hex')
  return { architecture: process.arch, cpu }
}
