/**
 * A document id as one path segment, encoded as OpenWhisk's Java code does (protocol reference 3.1): like a form, so that a space
 * is `+`, `/` is `%2F`, and only letters, digits and `.-*_` stay.
 */
export function documentPath(id: string): string {
  return encodeURIComponent(id)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}
