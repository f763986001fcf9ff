import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Json, JsonObject } from '../../invoker/domain/json.ts'
import { isJsonObject } from '../../invoker/domain/json.ts'
import { packArchive } from './pack-archive.ts'

/** actions/ of this checkout. */
const folder = resolve(import.meta.dirname, '../../actions')

/** One input and what must come of it. */
export interface SampleCase {
  readonly name: string
  readonly input: JsonObject
  /** Exact, but for `{ "$match": pattern }` and `{ "$between": [least, most] }`: compare with {@link resembles}. */
  readonly output: Json
}

/** A sample action in one kind, ready to be created. */
export interface SampleAction {
  /** Folder and family, such as `hello-python`: a name to create it under. */
  readonly name: string
  readonly kind: string
  /** Source, or a zip in base64 when `binary`. */
  readonly code: string
  readonly binary: boolean
  /** `timeout` in ms, `memory` in MB, as in the REST API. */
  readonly limits: { readonly timeout: number; readonly memory: number }
  readonly cases: readonly SampleCase[]
}

interface Variant {
  readonly kind: string
  /** A file of plain source, or the files of an archive. */
  readonly source?: string
  readonly archive?: readonly string[]
  /** Whether the archive carries what package-lock.json names. */
  readonly npm?: boolean
}

interface ActionFile {
  readonly variants: readonly Variant[]
  readonly limits: SampleAction['limits']
}

/** Reads and packs every sample action, each kind of it; `only` names folders, such as `hello` or `functionbench/matmul`. */
export async function sampleActions(only: readonly string[] = sampleFolders()): Promise<readonly SampleAction[]> {
  return (await Promise.all(only.map((name) => readAction(join(folder, name))))).flat()
}

/** The folders of all sample actions: those below actions/ with an action.json. */
export function sampleFolders(): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => basename(file) === 'action.json')
    .map(dirname)
    .sort()
}

async function readAction(home: string): Promise<readonly SampleAction[]> {
  const name = basename(home)
  const { variants, limits }: ActionFile = JSON.parse(readFileSync(join(home, 'action.json'), 'utf8'))
  const cases: readonly SampleCase[] = JSON.parse(readFileSync(join(home, 'cases.json'), 'utf8'))
  return Promise.all(
    variants.map(async (variant) => ({
      name: `${name}-${variant.kind.split(':')[0]}`,
      kind: variant.kind,
      ...(await readCode(home, variant)),
      limits,
      cases: cases.map((one) => ({ ...one, input: withFiles(home, one.input) as JsonObject })),
    })),
  )
}

async function readCode(home: string, variant: Variant): Promise<{ readonly code: string; readonly binary: boolean }> {
  if (variant.source !== undefined) return { code: readFileSync(join(home, variant.source), 'utf8'), binary: false }
  const zip = await packArchive(home, { files: variant.archive ?? [], npm: variant.npm ?? false })
  return { code: zip.toString('base64'), binary: true }
}

/** Puts the contents of files in the places that name them. */
function withFiles(home: string, json: Json): Json {
  if (Array.isArray(json)) return json.map((element) => withFiles(home, element))
  if (!isJsonObject(json)) return json
  if (typeof json.$text === 'string') return readFileSync(join(home, json.$text), 'utf8')
  if (typeof json.$base64 === 'string') return readFileSync(join(home, json.$base64), 'base64')
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withFiles(home, value)]))
}

/** Whether a result is what a case wants. */
export function resembles(actual: unknown, wanted: Json): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) && actual.length === wanted.length && wanted.every((one, n) => resembles(actual[n], one))
    )
  }
  if (!isJsonObject(wanted)) return actual === wanted
  if (typeof wanted.$match === 'string')
    return typeof actual === 'string' && new RegExp(wanted.$match, 'u').test(actual)
  if (Array.isArray(wanted.$between)) return isBetween(actual, wanted.$between)
  if (!isJsonObject(actual)) return false
  const keys = Object.keys(wanted)
  return keys.length === Object.keys(actual).length && keys.every((key) => resembles(actual[key], wanted[key] ?? null))
}

function isBetween(actual: unknown, [least, most]: readonly Json[]): boolean {
  return typeof actual === 'number' && actual >= Number(least) && actual <= Number(most)
}
