import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Paths of all files below a directory, in order, but for what lies in directories of these names. Links are files. */
export async function filesBelow(folder: string, passedOver: ReadonlySet<string>): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !passedOver.has(name))
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await filesBelow(path, passedOver)))
    else found.push(path)
  }
  return found
}
