import type { TimedImport } from '../../domain/dependency-image.ts'
import { JsonReader } from '../../domain/json-reader.ts'
import type { BuildInventory } from '../../ports/inventory.ts'
import { mostImports } from '../store/entries.ts'
import { distributionOf } from '../want/want.ts'

/** A longer answer than this is none. */
const mostCharacters = 1024 * 1024
/** An import that takes longer says that the clock is wrong. */
const mostMs = 600_000
/** Names as they come in code: dots or slashes between words. */
const moduleName = /^@?[\p{L}\p{N}_-][\p{L}\p{N}_.-]*(\/[\p{L}\p{N}_-][\p{L}\p{N}_.-]*)*$/u

function isModule(name: string): boolean {
  return name.length <= 200 && moduleName.test(name)
}

/** What a runtime recorded, as far as it may be believed. */
export interface Recorded {
  readonly imports: readonly TimedImport[]
  /** Packages that the runtime has and our reading of its build has not, or in another version: it is to be read again. */
  readonly isOtherBuild: boolean
}

/**
 * Reads a runtime's answer to /imports: `{"imports": [{"module", "distribution", "version", "ms"}]}`. User code ran beside
 * what recorded it, so that nothing in it is believed that the runtime build does not bear out.
 * @throws SyntaxError when it is no such answer
 */
export function readRecorded(answer: string, inventory: BuildInventory): Recorded {
  if (answer.length > mostCharacters) throw new SyntaxError(`it has ${answer.length} characters`)
  const read = new JsonReader()
  const root = read.object(JSON.parse(answer), 'answer')
  const imports: TimedImport[] = []
  let isOtherBuild = false
  for (const [one, place] of read.list(root.imports, 'imports').slice(0, mostImports)) {
    const fields = read.object(one, place)
    const module = read.text(fields.module, `${place}.module`)
    const distribution = read.text(fields.distribution, `${place}.distribution`)
    const version = read.text(fields.version, `${place}.version`)
    const ms = Math.min(mostMs, read.amount(fields.ms, `${place}.ms`))
    if (inventory.distributions.get(distribution)?.version !== version) isOtherBuild = true
    else if (isModule(module) && distributionOf(module, inventory) !== undefined)
      imports.push({ module, distribution, ms })
  }
  if (read.problems.length > 0) throw new SyntaxError(read.problems.slice(0, 3).join('; '))
  return { imports, isOtherBuild }
}

/**
 * What code imports that ran in a container with an image: what was recorded, and those of its imports by its text that the image
 * brought along, which are therefore not recorded.
 */
export function withBroughtAlong(
  recorded: readonly TimedImport[],
  { scanned, inImage }: { readonly scanned: readonly TimedImport[]; readonly inImage: ReadonlySet<string> },
): readonly TimedImport[] {
  const known = new Set(recorded.map(({ module }) => module))
  const along = scanned.filter(({ module, distribution }) => inImage.has(distribution) && !known.has(module))
  return [...along, ...recorded].slice(0, mostImports)
}
