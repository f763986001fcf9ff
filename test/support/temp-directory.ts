import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory of a test's own. */
export interface TempDirectory {
  readonly path: string
  remove(): Promise<void>
}

/** Makes an empty directory; the test removes it. */
export async function tempDirectory(): Promise<TempDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'warmwhisk-test-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
