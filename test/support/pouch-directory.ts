import { openPouchDatabases, type PouchDatabases } from '../../invoker/adapters/pouch/pouch-databases.ts'
import { ensureDesigns } from '../../invoker/store/design/ensure.ts'
import { designNames } from '../../invoker/store/design/names.ts'
import { tempDirectory } from './temp-directory.ts'

/** Embedded databases in a directory of a test's own, with every design document. */
export interface PouchDirectory {
  readonly databases: PouchDatabases
  readonly path: string
  stop(): Promise<void>
}

/** Opens them; the test stops them, which removes the directory. */
export async function pouchDirectory(): Promise<PouchDirectory> {
  const directory = await tempDirectory()
  const databases = await openPouchDatabases({ directory: directory.path })
  await ensureDesigns(databases, designNames)
  return {
    databases,
    path: directory.path,
    stop: async () => {
      await databases.stop(AbortSignal.timeout(5000))
      await directory.remove()
    },
  }
}
