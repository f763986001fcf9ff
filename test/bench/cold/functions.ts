import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json } from '../../../invoker/domain/json.ts'
import { isJsonObject } from '../../../invoker/domain/json.ts'
import { packArchive } from '../../support/pack-archive.ts'
import { instrument } from './instrument.ts'

/** Whether a function imports much: what it must reach depends on it. */
export type Weight = 'heavy' | 'light'

/** A function that is started, and sample input. */
export interface BenchFunction {
  readonly name: string
  readonly weight: Weight
  readonly kind: string
  /** JSON text of the first case's input. */
  readonly input: string
  /** Code that was never seen before, with clock readings (instrument.ts); `unique` makes it so. */
  fresh(unique: string): Promise<{ readonly code: string; readonly binary: boolean }>
}

const folder = 'actions/functionbench'
/** The light ones, and Node's. Every other function is heavy. */
const light: ReadonlySet<string> = new Set(['float-operation', 'pyaes', 'chameleon', 'json', 'render-template'])

interface Variant {
  readonly kind: string
  readonly source?: string
  readonly archive?: readonly string[]
}

/** Every function of actions/functionbench in each of its kinds, heavy ones first; `only` names folders. */
export function benchFunctions(only?: readonly string[]): readonly BenchFunction[] {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'cases.json')))
  return names
    .filter((name) => only === undefined || only.includes(name))
    .flatMap(readFunction)
    .toSorted((a, b) => a.weight.localeCompare(b.weight) || a.name.localeCompare(b.name))
}

function readFunction(name: string): readonly BenchFunction[] {
  const home = join(folder, name)
  const { variants }: { readonly variants: readonly Variant[] } = read(join(home, 'action.json'))
  const [first]: readonly { readonly input: Json }[] = read(join(home, 'cases.json'))
  const input = JSON.stringify(withFiles(home, first?.input ?? {}))
  return variants.map((variant) => ({
    name: variants.length === 1 ? name : `${name} (${variant.kind})`,
    weight: light.has(name) ? 'light' : 'heavy',
    kind: variant.kind,
    input,
    fresh: (unique) => freshCode(home, variant, unique),
  }))
}

async function freshCode(home: string, { kind, source, archive = [] }: Variant, unique: string) {
  const main = source ?? mainOf(home, archive)
  const text = instrument(readFileSync(join(home, main), 'utf8'), { kind, unique })
  if (source !== undefined) return { code: text, binary: false }
  const copy = mkdtempSync(join(tmpdir(), 'ww-bench-'))
  try {
    for (const file of archive) cpSync(join(home, file), join(copy, file), { recursive: true })
    writeFileSync(join(copy, main), text)
    const zip = await packArchive(copy, { files: archive, npm: false })
    return { code: zip.toString('base64'), binary: true }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** The file of an archive that the runtime starts from. */
function mainOf(home: string, archive: readonly string[]): string {
  if (!archive.includes('package.json')) return archive.includes('__main__.py') ? '__main__.py' : 'index.js'
  return read<{ readonly main?: string }>(join(home, 'package.json')).main ?? 'index.js'
}

/** Puts the contents of files in the places of an input that name them. */
function withFiles(home: string, json: Json): Json {
  if (Array.isArray(json)) return json.map((element) => withFiles(home, element))
  if (!isJsonObject(json)) return json
  if (typeof json.$text === 'string') return readFileSync(join(home, json.$text), 'utf8')
  if (typeof json.$base64 === 'string') return readFileSync(join(home, json.$base64), 'base64')
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withFiles(home, value)]))
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8'))
}
