/** Bytes of a mebibyte, the unit of OpenWhisk's limits. */
export const MiB = 1024 * 1024

const units: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  kb: 1024,
  m: MiB,
  mb: MiB,
  g: 1024 * MiB,
  gb: 1024 * MiB,
}

/**
 * Reads a size such as `256 MB`, `1m` or `1073741824 B` (protocol reference 2.4) and gives bytes.
 * @throws SyntaxError when it is no size.
 */
export function parseSize(text: string): number {
  const match = /^\s?(\d+)\s?(GB|MB|KB|B|G|M|K)\s?$/i.exec(text)
  const unit = units[match?.[2]?.toLowerCase() ?? '']
  if (!match?.[1] || unit === undefined) {
    throw new SyntaxError(`Cannot read the size "${text}": expected a whole number and a unit, such as "256 MB"`)
  }
  return Number(match[1]) * unit
}
