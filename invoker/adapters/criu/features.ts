import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { reasonOf } from '../../lib/reason-of.ts'
import {
  type CriuProgram,
  candidates,
  commandHere,
  isNewEnough,
  isThere,
  oldestVersion,
  programEnv,
} from './program.ts'

const run = promisify(execFile)
const PATIENCE_MS = 10_000

/** Where CRIU keeps what it has found out about the kernel, which takes it longer than restoring a small process. */
export const featuresFile = '/run/criu.kdat'
/** CRIU keeps it on a tmpfs only, and /run is none everywhere. */
const findFeatures = `mount -t tmpfs tmpfs /run && "$@" check >&2 && cat ${featuresFile}`

/** A CRIU that works on this machine, and what it knows about the kernel. */
export interface UsableCriu {
  readonly program: CriuProgram
  readonly version: string
  readonly features: Buffer
}

/** Finds one. @throws Error that says why there is none. */
export async function findCriu(toolsDirectory: string): Promise<UsableCriu> {
  const reasons: string[] = []
  for (const program of candidates(toolsDirectory)) {
    if (!(await isThere(program))) continue
    try {
      return await tryOut(program)
    } catch (error) {
      reasons.push(reasonOf(error))
    }
  }
  throw new Error(reasons[0] ?? `there is none: ${oldestVersion.join('.')} or newer is needed`)
}

async function tryOut(program: CriuProgram): Promise<UsableCriu> {
  const [command = '', ...args] = commandHere(program)
  const { stdout } = await run(command, [...args, '--version'], { timeout: PATIENCE_MS, env: programEnv })
  const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? ''
  if (!isNewEnough(version))
    throw new Error(`version ${version} is too old: ${oldestVersion.join('.')} or newer is needed`)
  const check = ['--mount', 'sh', '-c', findFeatures, 'sh', command, ...args]
  const found = await run('unshare', check, { timeout: PATIENCE_MS, env: programEnv, encoding: 'buffer' })
  return { program, version, features: found.stdout }
}
