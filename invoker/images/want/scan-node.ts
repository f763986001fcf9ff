/** What stands before a string that names a module: `from`, `import`, `require(`, `import(`, with room for some space. */
const naming = /(?:^|[^\w$.])(?:from|import|(?:require|import)\s*\()\s*$/
const room = 40
const longestName = 300

/**
 * Packages that a Node.js source requires or imports, in the order of the text: `lodash` for `lodash/fp`, `@scope/package` for
 * what is in it. Files (`./x`, `/x`) are left out, and modules of Node.js in their spelling `node:`. A regular expression with a
 * quote in it may hide what follows on its line.
 */
export function scanNode(source: string): readonly string[] {
  const packages = new Set<string>()
  const opening = /\/\/|\/\*|["'`]/g
  for (let open = opening.exec(source); open !== null; open = opening.exec(source)) {
    const from = opening.lastIndex
    opening.lastIndex = endOf(source, { open: open[0], from })
    const length = opening.lastIndex - 1 - from
    if (!open[0].startsWith('/') && length <= longestName && names(source, open.index)) {
      const name = packageOf(source.slice(from, from + length))
      if (name !== undefined) packages.add(name)
    }
  }
  return [...packages]
}

function names(source: string, at: number): boolean {
  return naming.test(source.slice(Math.max(0, at - room), at))
}

/** `@scope/name/file` → `@scope/name`; undefined for what is no package. */
function packageOf(specifier: string): string | undefined {
  return /^(?:@[\w.~-]+\/)?[a-z0-9_~-][\w.~-]*(?=\/|$)/i.exec(specifier)?.[0]
}

/** Where a comment or a string ends, its closing included. A string in quotes ends with its line, whatever is missing. */
function endOf(source: string, { open, from }: { readonly open: string; readonly from: number }): number {
  if (open.startsWith('/')) {
    const closer = open === '//' ? '\n' : '*/'
    const end = source.indexOf(closer, from)
    return end < 0 ? source.length : end + closer.length
  }
  const closer = open === '`' ? /[`\\]/g : open === '"' ? /["\\\n]/g : /['\\\n]/g
  closer.lastIndex = from
  for (let close = closer.exec(source); close !== null; close = closer.exec(source)) {
    if (close[0] !== '\\') return closer.lastIndex
    closer.lastIndex += 1
  }
  return source.length
}
