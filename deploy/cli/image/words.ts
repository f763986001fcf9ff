import { nearest } from '../../../invoker/lib/nearest.ts'
import type { BuildRequest } from '../../../invoker/ports/image-admin.ts'
import { type Given, UsageError } from '../command.ts'

/** What `warmwhisk image` is to do. */
export type ImageOrder =
  | { readonly verb: 'list' }
  | { readonly verb: 'advise' }
  | { readonly verb: 'show'; readonly id: string }
  | { readonly verb: 'remove'; readonly id: string }
  | { readonly verb: 'build'; readonly request: BuildRequest }

const verbs: readonly ImageOrder['verb'][] = ['list', 'show', 'build', 'remove', 'advise']
const buildOnly = ['kind', 'modules', 'namespace'] as const

/** Reads the words behind `warmwhisk image`. @throws UsageError that says what would be right. */
export function readOrder({ words, options }: Given): ImageOrder {
  const [word, ...rest] = words
  const verb = verbs.find((one) => one === word)
  if (verb === undefined) throw unknownVerb(word)
  const stray = buildOnly.find((name) => verb !== 'build' && options[name] !== undefined)
  if (stray !== undefined) throw new UsageError(`Cannot ${verb} with "--${stray}": it belongs to "image build"`)
  switch (verb) {
    case 'list':
    case 'advise':
      if (rest[0] !== undefined) throw new UsageError(`Cannot read "${rest[0]}": "image ${verb}" takes options only`)
      return { verb }
    case 'show':
    case 'remove':
      return { verb, id: oneId(verb, rest) }
    case 'build':
      return { verb, request: buildRequest(rest, options) }
    default:
      return verb satisfies never
  }
}

function unknownVerb(word: string | undefined): UsageError {
  const all = `what it can do is ${verbs.join(', ')}`
  if (word === undefined) return new UsageError(`Cannot run "image" alone: ${all}`)
  const guess = nearest(word, verbs)
  return new UsageError(`Cannot run "image ${word}": ${guess ? `did you mean "${guess}"? ` : ''}${all}`)
}

function oneId(verb: string, [id, tooMany]: readonly string[]): string {
  if (id === undefined || tooMany !== undefined) {
    throw new UsageError(
      `Cannot ${verb} ${id === undefined ? 'nothing' : 'several images'}: name one id, as in "image ${verb} 3f9a01"`,
    )
  }
  if (/^(sha256:)?[0-9a-f]{1,64}$/i.test(id)) return id.replace(/^sha256:/i, '').toLowerCase()
  throw new UsageError(`Cannot ${verb} "${id}": an id has up to 64 hexadecimal digits, "image list" shows them`)
}

function buildRequest(names: readonly string[], { kind, modules, namespace }: Given['options']): BuildRequest {
  if (typeof kind !== 'string') {
    throw new UsageError('Cannot build without a kind: name one, as in "image build --kind python:3 numpy pandas"')
  }
  const common = { kind, ...(typeof namespace === 'string' ? { namespace } : {}) }
  if (modules === undefined) return names.length > 0 ? { ...common, packages: names } : common
  if (names.length === 0)
    throw new UsageError('Cannot build of no modules: name some, as in "--modules sklearn.linear_model"')
  return { ...common, modules: names }
}
