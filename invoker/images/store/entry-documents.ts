import {
  type Distribution,
  type EngineName,
  type ImageIdentity,
  type ImageSizes,
  imageFormat,
  type TimedImport,
} from '../../domain/dependency-image.ts'
import { type Fields, JsonReader } from '../../domain/json-reader.ts'
import type { Document, StoredDocument } from '../../ports/documents.ts'
import type { ResidencyState } from '../../ports/image-admin.ts'
import type { Blamed } from '../build/blame.ts'
import { imageId } from '../build/identity.ts'
import {
  type CatalogEntry,
  entryId,
  type ImageEntry,
  mostImports,
  type ProfileEntry,
  type ResidencyEntry,
} from './entries.ts'

/** Why a document is none of ours: of a newer version of the product, to be left alone, or not what it says it is. */
export interface Unread {
  readonly unread: 'newer' | 'broken'
  readonly why: string
}

const engines: readonly EngineName[] = ['fork', 'criu']
const states: readonly ResidencyState[] = ['live', 'building', 'evicted', 'failed', 'unsuitable']

/** An entry as its document; `revision` is that of the document that it replaces. */
export function writeEntry(entry: CatalogEntry, revision?: string): Document {
  const { type, updatedMs } = entry
  const document = { type, format: imageFormat, updated: updatedMs, ...membersOf(entry) }
  const json = JSON.parse(JSON.stringify(document)) as Document
  return { ...json, _id: entryId(entry), ...(revision === undefined ? {} : { _rev: revision }) }
}

/** Reads a document that anybody may have written. */
export function readEntry(document: StoredDocument): CatalogEntry | Unread {
  const { format } = document
  if (typeof format === 'number' && format > imageFormat) {
    return { unread: 'newer', why: `"${document._id}" has format ${format}, this version knows ${imageFormat}` }
  }
  const read = new JsonReader()
  const entry = readMembers(read, document)
  if (entry !== undefined && entryId(entry) !== document._id) read.note('_id', `is not "${entryId(entry)}"`)
  if (entry !== undefined && read.problems.length === 0) return entry
  return { unread: 'broken', why: `"${document._id}" is no document of images: ${read.problems.join('; ')}` }
}

function membersOf(entry: CatalogEntry): object {
  switch (entry.type) {
    case 'image': {
      const { recipe, sizes, buildMs } = entry
      const { format: _, ...identity } = recipe.identity
      return { ...identity, imports: recipe.imports, sizes, buildMs }
    }
    case 'profile':
      return entry.profile
    case 'residency': {
      const { type: _, sinceMs: since, lastUsedMs: lastUsed, updatedMs: __, ...rest } = entry
      return { ...rest, since, lastUsed }
    }
    default:
      return entry satisfies never
  }
}

function readMembers(read: JsonReader, fields: Fields): CatalogEntry | undefined {
  const updatedMs = read.amount(fields.updated, 'updated')
  const of = {
    kind: read.text(fields.kind, 'kind'),
    runtimeBuild: read.text(fields.runtimeBuild, 'runtimeBuild'),
  }
  switch (fields.type) {
    case 'image':
      return readImage(read, { fields, of, updatedMs })
    case 'profile': {
      const codeDigest = read.text(fields.codeDigest, 'codeDigest')
      const imports = readImports(read, fields.imports)
      return { type: 'profile', profile: { codeDigest, ...of, imports }, updatedMs } satisfies ProfileEntry
    }
    case 'residency':
      return readResidency(read, { fields, of, updatedMs })
    default:
      read.note('type', `is ${JSON.stringify(fields.type)}`)
      return undefined
  }
}

/** What every document says, and the rest of it. */
interface Common {
  readonly fields: Fields
  readonly of: { readonly kind: string; readonly runtimeBuild: string }
  readonly updatedMs: number
}

function readImage(read: JsonReader, { fields, of, updatedMs }: Common): ImageEntry {
  const identity: ImageIdentity = {
    ...of,
    distributions: readDistributions(read, fields.distributions, 'distributions'),
    architecture: read.text(fields.architecture, 'architecture'),
    cpu: read.text(fields.cpu, 'cpu'),
    engine: oneOf(read, { json: fields.engine, place: 'engine', wanted: engines }),
    format: imageFormat,
  }
  return {
    type: 'image',
    recipe: { id: imageId(identity), identity, imports: readImports(read, fields.imports) },
    ...(fields.sizes === undefined ? {} : { sizes: readSizes(read, fields.sizes) }),
    ...(fields.buildMs === undefined ? {} : { buildMs: read.amount(fields.buildMs, 'buildMs') }),
    updatedMs,
  }
}

function readResidency(read: JsonReader, { fields, of, updatedMs }: Common): ResidencyEntry {
  return {
    type: 'residency',
    image: read.text(fields.image, 'image'),
    ...(fields.namespace === undefined ? {} : { namespace: read.text(fields.namespace, 'namespace') }),
    invoker: read.text(fields.invoker, 'invoker'),
    ...of,
    state: oneOf(read, { json: fields.state, place: 'state', wanted: states }),
    ...(fields.reason === undefined ? {} : { reason: read.text(fields.reason, 'reason') }),
    sinceMs: read.amount(fields.since, 'since'),
    restores: read.count(fields.restores, 'restores', 0),
    ...(fields.lastUsed === undefined ? {} : { lastUsedMs: read.amount(fields.lastUsed, 'lastUsed') }),
    blamed: readBlamed(read, fields.blamed ?? []),
    updatedMs,
  }
}

function readImports(read: JsonReader, json: unknown): readonly TimedImport[] {
  return read
    .list(json, 'imports')
    .slice(0, mostImports)
    .map(([one, place]) => {
      const fields = read.object(one, place)
      return {
        module: read.text(fields.module, `${place}.module`),
        distribution: read.text(fields.distribution, `${place}.distribution`),
        ms: read.amount(fields.ms, `${place}.ms`),
      }
    })
}

function readDistributions(read: JsonReader, json: unknown, at: string): readonly Distribution[] {
  return read.list(json, at).map(([one, place]) => {
    const fields = read.object(one, place)
    return {
      name: read.text(fields.name, `${place}.name`),
      version: read.text(fields.version, `${place}.version`),
      record: read.text(fields.record, `${place}.record`),
    }
  })
}

function readBlamed(read: JsonReader, json: unknown): readonly Blamed[] {
  return read.list(json, 'blamed').map(([one, place]) => {
    const fields = read.object(one, place)
    return {
      module: read.text(fields.module, `${place}.module`),
      distribution: read.text(fields.distribution, `${place}.distribution`),
      record: read.text(fields.record, `${place}.record`),
    }
  })
}

function readSizes(read: JsonReader, json: unknown): ImageSizes {
  const fields = read.object(json, 'sizes')
  return {
    anonymousBytes: read.amount(fields.anonymousBytes, 'sizes.anonymousBytes'),
    fileBytes: read.amount(fields.fileBytes, 'sizes.fileBytes'),
    vmas: read.amount(fields.vmas, 'sizes.vmas'),
  }
}

function oneOf<T extends string>(
  read: JsonReader,
  { json, place, wanted }: { readonly json: unknown; readonly place: string; readonly wanted: readonly T[] },
): T {
  const found = wanted.find((one) => one === json)
  if (found === undefined) read.note(place, `is ${JSON.stringify(json)}, expected one of ${wanted.join(', ')}`)
  return found ?? (wanted[0] as T)
}
