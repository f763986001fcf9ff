/**
 * Lines of a table: columns two blanks apart, as wide as their widest cell, no blanks at the end. Cells of columns whose title ends
 * with `>` stand at the right.
 */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const isRight = titles.map((title) => title.endsWith('>'))
  return aligned([titles.map((title) => title.replace(/>$/, '')), ...rows], isRight)
}

/** Rows as lines with aligned columns, without titles. */
export function aligned(rows: readonly (readonly string[])[], isRight: readonly boolean[] = []): string {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const place = (cell: string, column: number): string => {
    const width = widths[column] ?? 0
    return isRight[column] ? cell.padStart(width) : cell.padEnd(width)
  }
  return rows.map((row) => row.map(place).join('  ').trimEnd()).join('\n')
}
