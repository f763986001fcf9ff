import { messages } from './messages.ts'
import { type RestError, rejected } from './rest-error.ts'

/** Longest name of an entity or namespace. */
const maxLength = 256
/** OpenWhisk's name grammar (protocol reference 3.2): letters, digits and `_`, then also `@ . & -` and inner spaces. */
const grammar = /^(?:\w|\w[\w@ .&-]{0,254}[\w@.&-])$/

/** Whether a text may name an entity, a package or a namespace. */
export function isName(text: string): boolean {
  return grammar.test(text)
}

/** Gives a name of an entity back, or throws OpenWhisk's 400. */
export function entityName(text: string): string {
  if (isName(text)) return text
  throw illegal(text, { field: 'Name segement', otherwise: messages.nameIllegal })
}

/** Resolves the namespace of a path: `_` is the caller's own. Throws OpenWhisk's 400 where it is no name. */
export function namespaceName(text: string, own: string): string {
  if (text === '_') return own
  if (isName(text)) return text
  throw illegal(text, { field: 'Namespace', otherwise: messages.namespaceIllegal })
}

/** Gives an activation id back, or throws OpenWhisk's 400, which speaks of the length first. */
export function activationIdOf(text: string): string {
  if (text.length !== 32) throw rejected(400, `Activation id length is ${text.length} but must be 32.`)
  if (!/^[0-9a-f]+$/.test(text)) throw rejected(400, messages.activationIdIllegal)
  return text
}

function illegal(
  text: string,
  { field, otherwise }: { readonly field: string; readonly otherwise: string },
): RestError {
  const isTooLong = text.length > maxLength
  return rejected(400, isTooLong ? `${field} longer than allowed: ${text.length} > ${maxLength}.` : otherwise)
}
