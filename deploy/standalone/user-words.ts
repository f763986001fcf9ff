/** Words of a command line, and what follows each option. */
export interface UserWords {
  readonly words: readonly string[]
  readonly options: ReadonlyMap<string, readonly string[]>
}

/** Short names, as wskadmin has them. */
const longNames: Readonly<Record<string, string>> = { u: 'auth', ns: 'namespace', a: 'all', k: 'key' }
/** Options that take no value. */
const switches = new Set(['all', 'key'])

/** Reads `word --option value… --switch`: an option takes every word up to the next option, unless it is a switch. */
export function readWords(line: readonly string[]): UserWords {
  const words: string[] = []
  const options = new Map<string, string[]>()
  let values = words
  for (const word of line) {
    const option = /^--?([A-Za-z]\w*)(?:=(.*))?$/.exec(word)
    if (option === null) {
      values.push(word)
      continue
    }
    const [, short = '', value] = option
    const name = longNames[short] ?? short
    const own = value === undefined ? [] : [value]
    options.set(name, own)
    values = switches.has(name) || value !== undefined ? words : own
  }
  return { words, options }
}
