/** Letters, and apostrophes between them: "don't" is one word. */
const WORD = /\p{L}+(?:['’]\p{L}+)*/gu

/** Counts lines, words and characters of a text, and its most frequent words. */
// biome-ignore lint/correctness/noUnusedVariables: OpenWhisk calls it by name
function main({ text, top = 3 }) {
  if (typeof text !== 'string') return { error: 'text must be a string' }
  const words = text.toLowerCase().match(WORD) ?? []
  const counts = new Map()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const ranked = [...counts].sort(([one, many], [other, few]) => few - many || (one < other ? -1 : 1))
  return {
    lines: text.split('\n').length - 1,
    words: words.length,
    characters: [...text].length,
    top: ranked.slice(0, top).map(([word, count]) => ({ word, count })),
  }
}
