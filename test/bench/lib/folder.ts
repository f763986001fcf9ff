import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for one benchmark, removed when its process ends, however it ends by itself. */
export function benchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warmwhisk-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
