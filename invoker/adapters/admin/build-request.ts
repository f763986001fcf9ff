import { JsonReader } from '../../domain/json-reader.ts'
import type { BuildRequest } from '../../ports/image-admin.ts'

/** Most packages and modules of one image. */
const most = 200
const names = {
  namespace: /^[\p{L}\p{N}_][\p{L}\p{N}_ @.-]{0,255}$/u,
  kind: /^[a-z0-9][a-z0-9.:-]{0,99}$/i,
  packages: /^(?!.*\.\.)@?[a-z0-9][a-z0-9._/-]{0,199}$/i,
  modules: /^(?!.*\.\.)@?[\p{L}_][\p{L}\p{N}._/-]{0,199}$/u,
}

/** A request to build an image, or every problem of what was sent instead, one a line. */
export function readBuildRequest(json: unknown): BuildRequest | { readonly problems: string } {
  const read = new JsonReader()
  const fields = read.object(json, 'request')
  const known = ['kind', 'packages', 'modules', 'namespace']
  for (const name of Object.keys(fields)) {
    if (!known.includes(name)) read.note(name, `is unknown, expected ${known.join(', ')}`)
  }
  const kind = readName(read, 'kind', { json: fields.kind, place: 'kind' })
  const packages = readNames(read, 'packages', fields.packages)
  const modules = readNames(read, 'modules', fields.modules)
  const { namespace: given } = fields
  const namespace = given === undefined ? given : readName(read, 'namespace', { json: given, place: 'namespace' })
  if (packages && modules) read.note('modules', 'name either packages or modules, not both')
  if (read.problems.length > 0) return { problems: read.problems.join('\n') }
  return {
    kind,
    ...(packages ? { packages } : {}),
    ...(modules ? { modules } : {}),
    ...(namespace === undefined ? {} : { namespace }),
  }
}

function readNames(read: JsonReader, what: 'packages' | 'modules', json: unknown): readonly string[] | undefined {
  if (json === undefined) return undefined
  const elements = read.list(json, what)
  if (elements.length > most) read.note(what, `are ${elements.length}, at most ${most} are built into one image`)
  return elements.map(([element, place]) => readName(read, what, { json: element, place }))
}

function readName(
  read: JsonReader,
  what: keyof typeof names,
  { json, place }: { readonly json: unknown; readonly place: string },
): string {
  const name = read.text(json, place)
  if (name !== '' && !names[what].test(name))
    read.note(place, `is ${JSON.stringify(name.slice(0, 60))}, which is no name`)
  return name
}
