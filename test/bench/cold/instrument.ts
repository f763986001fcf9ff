/**
 * Clock readings of an instrumented function, in ms of CLOCK_MONOTONIC as {@link monotonicMs} reads it. They come with the result.
 */
export interface Stamps {
  /** Its very first line. */
  readonly entered: number
  /** Its first line behind its imports: the first line that is the function's own work. */
  readonly imported: number
  /** `main` was called, and had its result. The first of them is after whatever the module sets up, such as loading a model. */
  readonly begun: number
  readonly ended: number
}

/** The key of the result under which the stamps are. */
export const stampsKey = 'benchStamps'

interface Language {
  readonly comment: string
  /** Lines that begin an import on the level of the module. */
  readonly importLine: RegExp
  readonly stamp: (variable: string) => string
  readonly wrapper: string
}

const python: Language = {
  comment: '#',
  importLine: /^(import|from)\s/,
  stamp: (variable) => `import time as bench_time; ${variable} = bench_time.monotonic_ns()`,
  wrapper: `
bench_main = main
def main(args):
    begun = bench_time.monotonic_ns()
    result = bench_main(args)
    ended = bench_time.monotonic_ns()
    stamps = {"entered": bench_entered, "imported": bench_imported, "begun": begun, "ended": ended}
    return {**result, "${stampsKey}": {name: ns / 1e6 for name, ns in stamps.items()}}
`,
}

const nodejs: Language = {
  comment: '//',
  importLine: /^(const|let|var)\s.*\brequire\(/,
  stamp: (variable) => `const ${variable} = process.hrtime.bigint()`,
  wrapper: `
{
  const inner = (typeof exports === 'object' && exports.main) || main
  const wrapped = async (args) => {
    const begun = process.hrtime.bigint()
    const result = await inner(args)
    const stamps = { entered: bench_entered, imported: bench_imported, begun, ended: process.hrtime.bigint() }
    const entries = Object.entries(stamps).map(([name, ns]) => [name, Number(ns) / 1e6])
    return { ...result, ${stampsKey}: Object.fromEntries(entries) }
  }
  if (typeof exports === 'object') exports.main = wrapped
  main = wrapped
}
`,
}

/**
 * A function's source with clock readings around its imports and its `main`, and with a comment that nobody has seen: code that was
 * never run before. Nothing else changes.
 * @param unique any text without line breaks
 * @throws Error where the first line must stay the first, or the language is not known.
 */
export function instrument(
  source: string,
  { kind, unique }: { readonly kind: string; readonly unique: string },
): string {
  const language = languageOf(kind)
  if (/^from\s+__future__\s/m.test(source)) throw new Error('Cannot instrument a source that imports from __future__')
  const lines = source.split('\n')
  const end = importsEnd(lines, language.importLine)
  return [
    `${language.comment} ${unique}`,
    language.stamp('bench_entered'),
    ...lines.slice(0, end),
    language.stamp('bench_imported'),
    ...lines.slice(end),
    language.wrapper,
  ].join('\n')
}

function languageOf(kind: string): Language {
  if (kind.startsWith('python')) return python
  if (kind.startsWith('nodejs')) return nodejs
  throw new Error(`Cannot instrument "${kind}": expected python or nodejs`)
}

/** Number of the lines up to the last import, which may go on over lines while its brackets are open. */
function importsEnd(lines: readonly string[], importLine: RegExp): number {
  const start = lines.findLastIndex((line) => importLine.test(line))
  let open = 0
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    open += (line.match(/[([{]/g)?.length ?? 0) - (line.match(/[)\]}]/g)?.length ?? 0)
    if (open <= 0) return index + 1
  }
  return lines.length
}
