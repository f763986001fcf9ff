import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { JsonReader } from '../../domain/json-reader.ts'
import type { RuntimeLaunch } from '../../domain/runtime-launch.ts'
import { isOpenToAll } from './open-to-all.ts'
import type { Package, Packages } from './packages.ts'
import type { Fingerprint } from './watch.ts'

const run = promisify(execFile)
const PATIENCE_MS = 60_000
const MOST_BYTES = 64 * 1024 * 1024
/** The user that owns nothing. */
const NOBODY = 65_534

/**
 * Asks an interpreter what packages it finds, with the environment of its runtime. As root, it runs as nobody: packages may have
 * code run when an interpreter starts. Where nobody cannot reach what it must read, it runs as we do.
 * @throws Error when it fails or says nothing sensible
 */
export async function readPythonPackages(build: {
  /** The interpreter's file. */
  readonly path: string
  readonly launch: RuntimeLaunch
  readonly runtimesFolder: string
}): Promise<Packages> {
  const { path, launch, runtimesFolder } = build
  const program = join(runtimesFolder, 'python', 'inventory.py')
  const sources = [program, ...launch.binds.map(({ source }) => source)]
  const isNobody = process.getuid?.() === 0 && sources.every(isOpenToAll)
  const { stdout } = await run(path, ['-s', '-B', program], {
    env: environmentHere(launch),
    cwd: '/',
    timeout: PATIENCE_MS,
    maxBuffer: MOST_BYTES,
    ...(isNobody ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  return parsePackages(JSON.parse(stdout))
}

/** The runtime's environment, with places of this host where it names those of a container. */
function environmentHere({ env, binds }: RuntimeLaunch): Record<string, string> {
  const here = (place: string): string => binds.find(({ target }) => target === place)?.source ?? place
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.split(':').map(here).join(':')]))
}

function parsePackages(json: unknown): Packages {
  const read = new JsonReader()
  const root = read.object(json, 'inventory')
  const packages = read.list(root.distributions, 'distributions').map(([one, place]) => readPackage(read, one, place))
  const modules = Object.entries(read.object(root.modules, 'modules'))
  const parsed = {
    packages,
    modules: new Map(modules.map(([module, name]) => [module, read.text(name, `modules.${module}`)])),
    folders: read.list(root.folders, 'folders').map(([folder, place]) => read.text(folder, place)),
  }
  if (read.problems.length > 0) throw new SyntaxError(read.problems.slice(0, 3).join('; '))
  return parsed
}

function readPackage(read: JsonReader, json: unknown, place: string): Package {
  const fields = read.object(json, place)
  return {
    name: read.text(fields.name, `${place}.name`),
    version: read.text(fields.version, `${place}.version`),
    record: read.text(fields.record, `${place}.record`),
    watch: read.list(fields.watch, `${place}.watch`).map(([file, where]) => readFingerprint(read, file, where)),
    requires: read.list(fields.requires, `${place}.requires`).map(([name, where]) => read.text(name, where)),
  }
}

function readFingerprint(read: JsonReader, json: unknown, place: string): Fingerprint {
  const [path, size, time] = read.list(json, place)
  const digits = read.text(time?.[0], `${place}[2]`)
  return {
    path: read.text(path?.[0], `${place}[0]`),
    size: read.count(size?.[0], `${place}[1]`, 0),
    mtimeNs: /^-?\d{1,19}$/.test(digits) ? BigInt(digits) : 0n,
  }
}
