import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { ZipFile } from 'yazl'

const run = promisify(execFile)

/** Installs exactly what the lock file says, and runs nothing of it. */
const install = [
  'install',
  '--no-save',
  '--omit=dev',
  '--ignore-scripts',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
]

/** Packs files of a folder into a zip, with node_modules installed from its package-lock.json if asked; the folder stays as it is. */
export async function packArchive(
  folder: string,
  { files, npm }: { readonly files: readonly string[]; readonly npm: boolean },
): Promise<Buffer> {
  const copy = mkdtempSync(join(tmpdir(), 'ww-pack-'))
  try {
    for (const file of npm ? [...files, 'package-lock.json'] : files) cpSync(join(folder, file), join(copy, file))
    if (npm) await run('npm', install, { cwd: copy })
    return await zipFolder(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

async function zipFolder(folder: string): Promise<Buffer> {
  const zip = new ZipFile()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) zip.addFile(path, relative(folder, path))
  }
  zip.end()
  return buffer(zip.outputStream)
}
