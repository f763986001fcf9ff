import { JsonReader } from '../domain/json-reader.ts'
import { type Manifest, resolveKind } from '../domain/manifest.ts'
import { Fault } from '../faults/fault.ts'

/** An image that the operator wants. Its packages may not be in the runtime build: that is known only when it is built. */
export interface PinnedImage {
  /** As the runtimes manifest names it. */
  readonly kind: string
  /** Distributions, as they were written. Empty with no modules: the base image of the kind. */
  readonly packages: readonly string[]
  /** What to import; empty: what is known to be used of the packages. */
  readonly modules: readonly string[]
  /** Warm stem cells to have at least. */
  readonly stemCells: number
  /** Whether it stays on the shelf, whatever else is needed. */
  readonly isPinned: boolean
}

/** What images.json says. */
export interface ImagesManifest {
  readonly images: readonly PinnedImage[]
}

/** Without images.json. */
export const nothingPinned: ImagesManifest = { images: [] }

const rootKeys = new Set(['images'])
const imageKeys = new Set(['kind', 'packages', 'modules', 'stemCells', 'pinned'])

/**
 * Reads images.json from parsed JSON: `{"images": [{"kind": "python:3", "packages": ["torch"], "modules": [], "stemCells": 4,
 * "pinned": true}]}`. Everything but `kind` may be absent; `pinned` is then true. A key that is not known is an error: it is
 * a person's file, and a misspelt `stemCell` would say nothing.
 * @throws Fault SETTINGS_WRONG with every problem, each with its place in the JSON.
 */
export function parseImagesManifest(json: unknown, runtimes: Manifest): ImagesManifest {
  const read = new JsonReader()
  const root = read.object(json, 'manifest')
  refuseUnknown(read, { fields: root, known: rootKeys, place: 'manifest' })
  const images = read.list(root.images, 'images').map(([entry, place]) => readImage(read, { entry, place, runtimes }))
  if (read.problems.length > 0) {
    throw new Fault('SETTINGS_WRONG', ['the manifest of images is wrong', ...read.problems].join('\n  '))
  }
  return { images }
}

function readImage(
  read: JsonReader,
  { entry, place, runtimes }: { readonly entry: unknown; readonly place: string; readonly runtimes: Manifest },
): PinnedImage {
  const fields = read.object(entry, place)
  refuseUnknown(read, { fields, known: imageKeys, place })
  const written = read.text(fields.kind, `${place}.kind`)
  const kind = resolveKind(runtimes, written)?.kind
  if (written !== '' && kind === undefined) {
    read.note(`${place}.kind`, `is "${written}", expected one of ${[...runtimes.kinds.keys()].join(', ')}`)
  }
  const texts = (name: 'packages' | 'modules') =>
    read.list(fields[name] ?? [], `${place}.${name}`).map(([text, where]) => read.text(text, where).trim())
  return {
    kind: kind ?? written,
    packages: texts('packages'),
    modules: texts('modules'),
    stemCells: read.count(fields.stemCells ?? 0, `${place}.stemCells`, 0),
    isPinned: read.flag(fields.pinned, `${place}.pinned`) ?? true,
  }
}

function refuseUnknown(
  read: JsonReader,
  of: { readonly fields: object; readonly known: ReadonlySet<string>; readonly place: string },
): void {
  for (const key of Object.keys(of.fields)) {
    if (!of.known.has(key)) read.note(`${of.place}.${key}`, `is not known, expected ${[...of.known].join(', ')}`)
  }
}
