/**
 * Puts each section between its markers, `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. Markers without a section say
 * that nothing was measured yet.
 * @throws Error when a section has no place: no result may go unnoticed.
 */
export function fillSections(readme: string, sections: ReadonlyMap<string, string>): string {
  const placed = new Set<string>()
  const filled = readme.replaceAll(
    /<!-- bench:([a-z0-9-]+) -->.*?<!-- \/bench:\1 -->/gs,
    (_whole: string, name: string) => {
      const text = sections.get(name) ?? `Not measured yet: \`npm run bench:${name}\`.`
      placed.add(name)
      return `<!-- bench:${name} -->\n${text}\n<!-- /bench:${name} -->`
    },
  )
  const missing = [...sections.keys()].filter((name) => !placed.has(name))
  if (missing.length > 0)
    throw new Error(`Cannot place "${missing.join('", "')}": the README has no markers of that name`)
  return filled
}
