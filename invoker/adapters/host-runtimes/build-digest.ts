import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RuntimeLaunch, runtimesTarget } from '../../domain/runtime-launch.ts'
import { filesBelow } from './files-below.ts'
import type { Interpreter } from './interpreters.ts'
import { type Fingerprint, fingerprint } from './watch.ts'

/** What a runtime build is besides its packages. */
export interface BuildDigest {
  /** SHA-256 in hexadecimal: equal, where the interpreter, our runtime, its command and its environment are. */
  readonly digest: string
  /** The files that were looked at. */
  readonly watch: readonly Fingerprint[]
}

const compiled: ReadonlySet<string> = new Set(['__pycache__'])

/** Reads what makes a runtime build, but for its packages, which are told apart one by one. */
export async function digestBuild({
  launch,
  interpreter,
  runtimesFolder,
}: {
  readonly launch: RuntimeLaunch
  readonly interpreter: Interpreter
  readonly runtimesFolder: string
}): Promise<BuildDigest> {
  const digest = createHash('sha256')
  const watch: Fingerprint[] = []
  const note = async (path: string): Promise<void> => {
    const file = await fingerprint(path)
    if (file !== undefined) watch.push(file)
  }
  await note(interpreter.path)
  const [binary] = watch
  const { path, version } = interpreter
  const seconds = (binary?.mtimeNs ?? 0n) / 1_000_000_000n
  digest.update(JSON.stringify([path, version, binary?.size, `${seconds}`, launch.command, launch.env]))
  for (const family of familiesOf(launch)) {
    const folder = join(runtimesFolder, family)
    for (const file of await filesBelow(folder, compiled)) {
      digest
        .update(`${file.slice(folder.length)}\0`)
        .update(await readFile(file))
        .update('\0')
      await note(file)
    }
  }
  return { digest: digest.digest('hex'), watch }
}

/** Folders of runtimes/ that the command names. */
function familiesOf({ command }: RuntimeLaunch): readonly string[] {
  const below = command.filter((word) => word.startsWith(`${runtimesTarget}/`))
  return below.map((word) => word.slice(runtimesTarget.length + 1).split('/', 1)[0] ?? '')
}
