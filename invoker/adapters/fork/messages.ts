import { isJsonObject, type JsonObject } from '../../domain/json.ts'

/** What a template is told (runtimes/CONTRACT.md, C33). */
export type Request =
  | { readonly do: 'build'; readonly imports: readonly string[] }
  | { readonly do: 'confine'; readonly seccomp: string }
  | { readonly do: 'smoke' }
  | {
      readonly do: 'restore'
      readonly id: number
      readonly directory: string
      readonly env: Readonly<Record<string, string>>
      readonly confinement: { readonly uid: number; readonly gid: number; readonly openFiles: number }
      readonly groups: number
    }

/** What a finished build came to. */
export interface Built {
  readonly imports: readonly { readonly module: string; readonly ms: number }[]
  /** Names of all modules that are loaded; undefined where it did not say. */
  readonly modules: readonly string[] | undefined
}

/** What a template says. `ended` answers nothing: a restored child has ended, with this wait status. */
export type Answer =
  | { readonly kind: 'importing'; readonly module: string; readonly done: number; readonly total: number }
  | { readonly kind: 'built'; readonly built: Built }
  | { readonly kind: 'confined' }
  | { readonly kind: 'smoked' }
  | { readonly kind: 'forked'; readonly id: number; readonly pid: number }
  | { readonly kind: 'ended'; readonly pid: number; readonly status: number }
  | { readonly kind: 'unsuitable'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

/** What a restored child says before it serves, once. */
export type Report = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly reason: string }

/** Reads a line of a template's. @throws Error when it is none of its messages. */
export function readAnswer(line: string): Answer {
  const fields = objectOf(line)
  if (typeof fields.failed === 'string') return { kind: 'failed', reason: fields.failed }
  if (typeof fields.unsuitable === 'string') return { kind: 'unsuitable', reason: fields.unsuitable }
  if (fields.confined === true) return { kind: 'confined' }
  if (fields.smoke === 'ok') return { kind: 'smoked' }
  if (isJsonObject(fields.built)) return { kind: 'built', built: readBuilt(fields.built) }
  if (typeof fields.importing === 'string') {
    return { kind: 'importing', module: fields.importing, done: whole(fields.done), total: whole(fields.total) }
  }
  if (fields.ended !== undefined) return { kind: 'ended', pid: whole(fields.ended), status: whole(fields.status) }
  if (fields.pid !== undefined) return { kind: 'forked', id: whole(fields.id), pid: whole(fields.pid) }
  throw new Error(`The template says what nobody understands: ${line.slice(0, 200)}`)
}

/** Reads the one line of a restored child. @throws Error when it is no report. */
export function readReport(line: string): Report {
  const fields = objectOf(line)
  if (fields.ready === true) return { kind: 'ready' }
  if (typeof fields.failed === 'string') return { kind: 'failed', reason: fields.failed }
  throw new Error(`The restored process says what nobody understands: ${line.slice(0, 200)}`)
}

function readBuilt({ imports, modules }: JsonObject): Built {
  return {
    imports: (Array.isArray(imports) ? imports : []).filter(isJsonObject).map(({ module, ms }) => ({
      module: String(module),
      ms: typeof ms === 'number' && ms >= 0 ? ms : 0,
    })),
    modules: Array.isArray(modules) ? modules.filter((name) => typeof name === 'string') : undefined,
  }
}

function objectOf(line: string): JsonObject {
  const json: unknown = JSON.parse(line)
  if (!isJsonObject(json)) throw new Error(`An object is wanted, not: ${line.slice(0, 200)}`)
  return json
}

function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new Error(`A whole number is wanted, not "${String(value)}"`)
  }
  return value
}
