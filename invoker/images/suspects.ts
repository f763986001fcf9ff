import type { TimedImport } from '../domain/dependency-image.ts'
import type { Fault } from '../faults/fault.ts'

/**
 * Names of the packages that may be why an image cannot be built, the likeliest first: those that the reason names, then, where
 * the packages are unsuitable, those that take longest to import. A build that failed for memory or time blames nobody by itself.
 */
export function suspects(imports: readonly TimedImport[], fault: Fault): readonly string[] {
  const ms = new Map<string, number>()
  for (const one of imports) ms.set(one.distribution, (ms.get(one.distribution) ?? 0) + one.ms)
  const names = [...ms.keys()]
  const named = new Set(
    imports
      .filter(({ module, distribution }) => isNamed(fault.message, [module, distribution]))
      .map((one) => one.distribution),
  )
  const others = names.filter((name) => !named.has(name)).sort((a, b) => (ms.get(b) ?? 0) - (ms.get(a) ?? 0))
  return fault.code === 'IMAGE_UNSUITABLE' ? [...named, ...others] : [...named]
}

/** Whether a text names one of these, as a word of its own. */
function isNamed(text: string, words: readonly string[]): boolean {
  const found = new Set(text.split(/[^\w.@/-]+/).map((word) => word.replace(/[.:]+$/, '')))
  return words.some((word) => found.has(word))
}
