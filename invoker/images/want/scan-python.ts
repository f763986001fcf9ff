/** A statement at the begin of a line or behind `:` or `;`, in text without strings and comments. */
const statement =
  /(?:^|[;:\n])[ \t\f]*(?:import[ \t]+([^;\n]+)|from[ \t]+([^\s;.(][^\s;(]*)[ \t]+import\b[ \t]*(?:\(([^)]*)|([^;\n]+)))/g
const dottedName = /^[\p{ID_Start}_][\p{ID_Continue}]*(\.[\p{ID_Start}_][\p{ID_Continue}]*)*$/u

/**
 * Absolute imports of a Python source, in the order of the text, wherever they stand. Of `from a import b` both `a` and `a.b`
 * come: whether `b` is a module, the text does not say.
 */
export function scanPython(source: string): readonly string[] {
  const modules = new Set<string>()
  const plain = withoutStrings(source).replaceAll(/\\\r?\n/g, ' ')
  for (const [, names, from, inParentheses, onLine] of plain.matchAll(statement)) {
    if (names !== undefined) addAll(modules, namesIn(names))
    else if (from !== undefined && dottedName.test(from)) {
      modules.add(from)
      addAll(
        modules,
        namesIn(inParentheses ?? onLine ?? '').map((name) => `${from}.${name}`),
      )
    }
  }
  return [...modules]
}

/** The names of `a.b as c, d`. */
function namesIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((part) => part.trim().split(/\s/, 1)[0] ?? '')
    .filter((name) => dottedName.test(name))
}

function addAll(to: Set<string>, names: readonly string[]): void {
  for (const name of names) to.add(name)
}

/** The source with each string as `""`, and without comments. A string that is not closed goes on to the end. */
function withoutStrings(source: string): string {
  const parts: string[] = []
  const opening = /#|"""|'''|"|'/g
  let from = 0
  for (let open = opening.exec(source); open !== null; open = opening.exec(source)) {
    const isComment = open[0] === '#'
    parts.push(source.slice(from, open.index), isComment ? '' : '""')
    from = isComment ? lineEnd(source, open.index) : stringEnd(source, { at: opening.lastIndex, quote: open[0] })
    opening.lastIndex = from
  }
  parts.push(source.slice(from))
  return parts.join('')
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at)
  return end < 0 ? source.length : end
}

function stringEnd(source: string, { at, quote }: { readonly at: number; readonly quote: string }): number {
  const closer = closerOf(quote)
  closer.lastIndex = at
  for (let close = closer.exec(source); close !== null; close = closer.exec(source)) {
    if (close[0] === '\n') return close.index
    if (close[0] !== '\\') return closer.lastIndex
    closer.lastIndex += 1
  }
  return source.length
}

/** What ends a string that begins so, or must be looked at within; a new one each time, since it keeps a position. */
function closerOf(quote: string): RegExp {
  switch (quote) {
    case '"""':
      return /"""|\\/g
    case "'''":
      return /'''|\\/g
    case '"':
      return /["\\\n]/g
    default:
      return /['\\\n]/g
  }
}
