import type { BuildInventory } from '../../ports/inventory.ts'

/** These distributions and all that they require, directly or not, as far as installed; by name, in order. */
export function withRequirements(names: Iterable<string>, inventory: BuildInventory): readonly string[] {
  const found = new Set<string>()
  const wanted = [...names]
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (found.has(name)) continue
    found.add(name)
    wanted.push(...(inventory.requires.get(name) ?? []).filter((required) => inventory.distributions.has(required)))
  }
  return [...found].sort()
}
