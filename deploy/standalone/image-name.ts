import { malformed } from './rest-error.ts'

const component = '[a-z0-9]+(?:(?:[._]|__|-*)[a-z0-9]+)*'
const host = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const domain = `${host}(?:\\.${host})*(?::[0-9]+)?`
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}'
/** Docker's grammar of image references: `[domain/]path[:tag][@digest]`. */
const reference = new RegExp(
  `^((?:${domain}/)?${component}(?:/${component})*)(?::([\\w][\\w.-]{0,127}))?(?:@(${digest}))?$`,
)
/** Longer than any name that a registry takes: keeps the pattern's work small. */
const maxLength = 512

/** Reads the image of a blackbox action and gives it as OpenWhisk shows it: without the digest. @throws RestError 400. */
export function imageName(text: string): string {
  const [, name, tag] = (text.length <= maxLength ? reference.exec(text) : null) ?? []
  if (name === undefined) throw malformed('could not parse image name')
  return tag === undefined ? name : `${name}:${tag}`
}
