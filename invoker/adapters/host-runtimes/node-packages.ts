import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject } from '../../domain/json.ts'
import { compareText } from '../../lib/compare-text.ts'
import { filesBelow } from './files-below.ts'
import type { Package, Packages } from './packages.ts'
import { fingerprint } from './watch.ts'

const nothing: ReadonlySet<string> = new Set()

/** Reads the packages of some `node_modules`; of two with one name, that of the first counts. What is no package is passed over. */
export async function readNodePackages(folders: readonly string[]): Promise<Packages> {
  const found = new Map<string, Package>()
  for (const folder of folders) {
    const lock = await readJson(join(folder, '.package-lock.json'))
    for (const name of await namesIn(folder)) {
      const one = found.has(name) ? undefined : await readPackage({ name, folder, lock })
      if (one !== undefined) found.set(name, one)
    }
  }
  const packages = [...found.values()].map((one) => ({
    ...one,
    requires: one.requires.filter((name) => found.has(name)),
  }))
  return { packages, modules: new Map([...found.keys()].map((name) => [name, name])), folders }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = []
  for (const name of (await list(folder)).sort()) {
    if (name.startsWith('@')) names.push(...(await list(join(folder, name))).sort().map((inner) => `${name}/${inner}`))
    else if (!name.startsWith('.')) names.push(name)
  }
  return names
}

async function readPackage({
  name,
  folder,
  lock,
}: {
  readonly name: string
  readonly folder: string
  readonly lock: Readonly<Record<string, unknown>>
}): Promise<Package | undefined> {
  const path = join(folder, name)
  const { version, dependencies } = await readJson(join(path, 'package.json'))
  if (typeof version !== 'string') return undefined
  const files = await Promise.all([path, join(path, 'package.json')].map(fingerprint))
  return {
    name,
    version,
    record: integrityOf(name, lock) ?? (await digestOf(path)),
    watch: files.filter((file) => file !== undefined),
    requires: isJsonObject(dependencies) ? Object.keys(dependencies) : [],
  }
}

/** What npm wrote down of the archive that a package comes from, and of the packages within it. */
function integrityOf(name: string, { packages }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isJsonObject(packages)) return undefined
  const place = `node_modules/${name}`
  const own = Object.entries(packages).filter(([key]) => key === place || key.startsWith(`${place}/node_modules/`))
  const parts = own.map(([key, entry]) => [key, isJsonObject(entry) ? entry.integrity : undefined] as const)
  if (parts.length === 0 || parts.some(([, integrity]) => typeof integrity !== 'string')) return undefined
  return createHash('sha256')
    .update(JSON.stringify(parts.toSorted(byKey)))
    .digest('hex')
}

async function digestOf(folder: string): Promise<string> {
  const digest = createHash('sha256')
  for (const path of await filesBelow(folder, nothing)) {
    const file = await fingerprint(path)
    digest.update(`${path.slice(folder.length)}\0${file?.size}\0${(file?.mtimeNs ?? 0n) / 1_000_000_000n}\n`)
  }
  return digest.digest('hex')
}

async function readJson(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isJsonObject(json) ? json : {}
  } catch {
    return {} // Not every directory is a package, and not every npm leaves a lock.
  }
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    return [] // A file, or gone again.
  }
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareText(a, b)
}
