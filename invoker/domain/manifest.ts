import { Fault } from '../faults/fault.ts'
import { parseDuration } from './duration.ts'
import { JsonReader } from './json-reader.ts'
import { MiB, parseSize } from './size.ts'

/** How many stem cells (prewarmed containers) a kind keeps, and of what size (protocol reference 5.5, 9.1). */
export interface StemCell {
  readonly initialCount: number
  readonly memoryMb: number
  readonly reactive?: {
    readonly minCount: number
    readonly maxCount: number
    readonly ttlMs: number
    readonly threshold: number
    readonly increment: number
  }
}

/** A directory of packages that a kind's actions can import, beside what its interpreter brings. Containers see it read-only. */
export interface Layer {
  /** Where it is: absolute, or below the folder of this program. Python: as `pip install --target` makes one. Node.js: a `node_modules`. */
  readonly source: string
  /** Where containers see it; absent: where its interpreter looks. */
  readonly target?: string
}

/**
 * How our own runtimes start on the host's interpreters: an extra key of ours, which OpenWhisk ignores. The first word names an
 * interpreter that is found on the host; paths are those inside a container.
 */
export interface HostBuild {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** In the order in which packages are looked for. */
  readonly layers: readonly Layer[]
}

/** One kind of the runtimes manifest (9.1). `image` is `registry/prefix/name:tag`. */
export interface RuntimeKind {
  readonly kind: string
  readonly family: string
  readonly image: string
  readonly isDefault: boolean
  readonly deprecated: boolean
  /** Code is stored as an attachment of the action's document (3.3). */
  readonly attached: boolean
  readonly requireMain: boolean
  readonly sentinelledLogs: boolean
  readonly stemCells: readonly StemCell[]
  readonly host?: HostBuild
}

/** Which kinds there are, by name, in the order of the manifest. `blackboxes` are images that count as our own (6.7). */
export interface Manifest {
  readonly kinds: ReadonlyMap<string, RuntimeKind>
  readonly blackboxes: readonly string[]
}

/**
 * Reads a runtimes manifest (9.1) from parsed JSON. Keys that it does not know are left alone.
 * @throws Fault SETTINGS_WRONG with every problem, each with its place in the JSON.
 */
export function parseManifest(json: unknown): Manifest {
  const read = new JsonReader()
  const root = read.object(json, 'manifest')
  const kinds = new Map<string, RuntimeKind>()
  for (const [family, versions] of Object.entries(read.object(root.runtimes, 'runtimes'))) {
    for (const kind of readFamily(read, family, versions)) {
      if (kinds.has(kind.kind)) read.note(`runtimes.${family}`, `kind "${kind.kind}" is there twice`)
      kinds.set(kind.kind, kind)
    }
  }
  const blackboxes = read
    .list(root.blackboxes ?? [], 'blackboxes')
    .map(([image, place]) => readImage(read, image, place))
  if (read.problems.length > 0) {
    throw new Fault('SETTINGS_WRONG', ['the runtimes manifest is wrong', ...read.problems].join('\n  '))
  }
  return { kinds, blackboxes }
}

/** Finds the kind that a user wrote: trimmed, in any case, `family:default` for the family's default (3.3). */
export function resolveKind(manifest: Manifest, kind: string): RuntimeKind | undefined {
  const wanted = kind.trim().toLowerCase()
  const family = /^([a-z0-9]+):default$/.exec(wanted)?.[1]
  if (family === undefined) return manifest.kinds.get(wanted)
  return [...manifest.kinds.values()].find((candidate) => candidate.family === family && candidate.isDefault)
}

function readFamily(read: JsonReader, family: string, versions: unknown): RuntimeKind[] {
  const place = `runtimes.${family}`
  const entries = read.list(versions, place).map(([entry, where]) => readKind(read, { family, entry, place: where }))
  // A family of one version needs no mark, but may not deny being the default.
  const kinds = entries.map(({ kind, marked }) => ({ ...kind, isDefault: marked ?? entries.length === 1 }))
  const defaults = kinds.filter((kind) => kind.isDefault).length
  if (defaults !== 1) read.note(place, `${defaults} kinds are the default, a family has exactly one`)
  return kinds
}

function readKind(
  read: JsonReader,
  { family, entry, place }: { readonly family: string; readonly entry: unknown; readonly place: string },
): { readonly kind: RuntimeKind; readonly marked: boolean | undefined } {
  const fields = read.object(entry, place)
  const stemCells = read.list(fields.stemCells ?? [], `${place}.stemCells`)
  const kind = {
    kind: read.text(fields.kind, `${place}.kind`).trim().toLowerCase(),
    family,
    image: readImage(read, fields.image, `${place}.image`),
    isDefault: false,
    deprecated: read.flag(fields.deprecated, `${place}.deprecated`) ?? false,
    attached: (fields.attached ?? undefined) !== undefined,
    requireMain: read.flag(fields.requireMain, `${place}.requireMain`) ?? false,
    sentinelledLogs: read.flag(fields.sentinelledLogs, `${place}.sentinelledLogs`) ?? true,
    stemCells: stemCells.map(([cell, where]) => readStemCell(read, cell, where)),
    ...(fields.host === undefined ? {} : { host: readHost(read, fields.host, `${place}.host`) }),
  }
  return { kind, marked: read.flag(fields.default, `${place}.default`) }
}

function readStemCell(read: JsonReader, json: unknown, place: string): StemCell {
  const fields = read.object(json, place)
  const cell = {
    // `count` is the older name.
    initialCount: read.count(fields.initialCount ?? fields.count, `${place}.initialCount`, 1),
    memoryMb: read.measure(fields.memory, `${place}.memory`, parseSize) / MiB,
  }
  return fields.reactive === undefined
    ? cell
    : { ...cell, reactive: readReactive(read, fields.reactive, `${place}.reactive`) }
}

function readReactive(read: JsonReader, json: unknown, place: string): NonNullable<StemCell['reactive']> {
  const fields = read.object(json, place)
  const reactive = {
    minCount: read.count(fields.minCount, `${place}.minCount`, 0),
    maxCount: read.count(fields.maxCount, `${place}.maxCount`, 1),
    ttlMs: read.measure(fields.ttl, `${place}.ttl`, parseDuration),
    threshold: read.count(fields.threshold, `${place}.threshold`, 1),
    increment: read.count(fields.increment, `${place}.increment`, 1),
  }
  for (const name of ['minCount', 'increment'] as const) {
    if (reactive[name] > reactive.maxCount) {
      read.note(`${place}.${name}`, `${reactive[name]} is above maxCount ${reactive.maxCount}`)
    }
  }
  return reactive
}

function readHost(read: JsonReader, json: unknown, place: string): HostBuild {
  const fields = read.object(json, place)
  const command = read.list(fields.command, `${place}.command`)
  if (command.length === 0) read.note(`${place}.command`, 'is empty, its first word names an interpreter')
  const env = Object.entries(read.object(fields.env ?? {}, `${place}.env`))
  return {
    command: command.map(([word, where]) => read.text(word, where)),
    env: Object.fromEntries(env.map(([name, value]) => [name, read.text(value, `${place}.env.${name}`)])),
    layers: read.list(fields.layers ?? [], `${place}.layers`).map(([layer, where]) => readLayer(read, layer, where)),
  }
}

function readLayer(read: JsonReader, json: unknown, place: string): Layer {
  const fields = read.object(json, place)
  const source = read.text(fields.source, `${place}.source`)
  if (fields.target === undefined) return { source }
  const target = read.text(fields.target, `${place}.target`)
  // It becomes part of a list that colons divide.
  const isPlace = target.startsWith('/') && !/[:]|(?:^|\/)\.{1,2}(?:\/|$)/.test(target)
  if (target !== '' && !isPlace) {
    read.note(`${place}.target`, `is "${target}", expected an absolute path without "..", "." and colons`)
  }
  return { source, target }
}

function readImage(read: JsonReader, json: unknown, place: string): string {
  const { registry, prefix, name, tag } = read.object(json, place)
  const before = [registry, prefix].filter((part) => part !== undefined).map((part) => read.text(part, place))
  const path = [...before, read.text(name, `${place}.name`)].join('/')
  return tag === undefined ? path : `${path}:${read.text(tag, `${place}.tag`)}`
}
