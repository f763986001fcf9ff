import type { TimedImport } from '../../domain/dependency-image.ts'
import { compareText } from '../../lib/compare-text.ts'
import { type Want, wantOf } from '../want/want.ts'

/** Code that is expected to start cold. */
export interface Load {
  readonly want: Want
  /** Invocation namespace, where images are not shared; else the same for all, such as ''. */
  readonly namespace: string
  /** Cold starts that are expected in a day. */
  readonly startsPerDay: number
}

/**
 * Loads of the same modules as one, the largest first: their starts together, and the mean of their import times. Each was measured
 * in a start of its own, and no two are equal.
 */
export function mergeLoads(loads: readonly Load[]): readonly Load[] {
  const alike = new Map<string, Load[]>()
  for (const load of inOrder(loads)) {
    const key = keyOf(load)
    const group = alike.get(key)
    if (group === undefined) alike.set(key, [load])
    else group.push(load)
  }
  // Equal weights stay in the order of their texts.
  return [...alike.values()].flatMap(merge).sort((a, b) => weight(b) - weight(a))
}

function merge(group: readonly Load[]): readonly Load[] {
  const [first] = group
  if (first === undefined || group.length === 1) return group
  const startsPerDay = group.reduce((sum, load) => sum + load.startsPerDay, 0)
  const times = new Map<string, number>()
  for (const load of group) {
    // Those that never start count alike.
    const part = startsPerDay === 0 ? 1 / group.length : load.startsPerDay / startsPerDay
    for (const { module, ms } of load.want.imports) times.set(module, (times.get(module) ?? 0) + ms * part)
  }
  const imports = first.want.imports.map((one): TimedImport => ({ ...one, ms: times.get(one.module) ?? one.ms }))
  const { kind, runtimeBuild, provides } = first.want
  return [{ ...first, startsPerDay, want: wantOf({ codeDigest: '', kind, runtimeBuild, imports }, provides) }]
}

function weight({ want, startsPerDay }: Load): number {
  return startsPerDay * [...want.distributions.values()].reduce((sum, ms) => sum + ms, 1)
}

/** What is alike: whose, on what, the modules in any order, and what is brought along. */
function keyOf({ want, namespace }: Load): string {
  const { kind, runtimeBuild, imports, provides } = want
  const brings = provides === 'unknown' ? provides : [...provides].sort()
  return JSON.stringify([namespace, kind, runtimeBuild, imports.map(({ module }) => module).sort(), brings])
}

/** In an order that does not depend on that of the loads. */
function inOrder(loads: readonly Load[]): readonly Load[] {
  const texts = loads.map((load) => ({
    load,
    text: `${keyOf(load)} ${JSON.stringify(load.want.imports)} ${load.startsPerDay}`,
  }))
  return texts.sort((a, b) => compareText(a.text, b.text)).map(({ load }) => load)
}
