/** How deep a JSON text may nest: the limit of the parser of OpenWhisk's components, which refuse what is deeper. */
export const maxDepth = 1000

/** Whether a JSON text nests deeper than {@link maxDepth}. Short texts, which cannot, are not looked at. */
export function isTooDeep(text: string): boolean {
  return text.length > 2 * maxDepth && deepest(text, maxDepth + 1) > maxDepth
}

/** The deepest nesting, counted up to `enough`. */
function deepest(text: string, enough: number): number {
  let depth = 0
  let most = 0
  for (let at = 0; at < text.length && most < enough; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: // a string: brackets inside it do not nest
        at = endOfString(text, at)
        break
      case 0x5b:
      case 0x7b:
        depth += 1
        if (depth > most) most = depth
        break
      case 0x5d:
      case 0x7d:
        depth -= 1
        break
    }
  }
  return most
}

/** Position of the quote that ends the string which starts at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1
    if (slashes % 2 === 0) return end
  }
  return text.length
}
