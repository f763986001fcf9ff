import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { origin } from './origin.ts'
import { picturesOf, resultsFolder } from './report.ts'
import { type BenchResult, formatResult } from './result.ts'
import { section } from './table.ts'

/** What a benchmark found, and whether it is to be kept. */
export interface Publication extends Pick<BenchResult, 'name' | 'title' | 'baseline' | 'figures' | 'stacks'> {
  readonly isQuick: boolean
}

/** Prints a benchmark's figures and, unless it was only tried, writes its result file and picture. Works in the root of the project. */
export async function publish({ isQuick, ...found }: Publication): Promise<void> {
  const result: BenchResult = { ...found, ...origin('.') }
  const picture = `${resultsFolder}/${result.name}.svg`
  console.log(section(result, picture))
  if (isQuick) {
    console.log('\nOnly tried: nothing is written, and the figures say nothing.')
    return
  }
  await mkdir(resultsFolder, { recursive: true })
  await writeFile(join(resultsFolder, `${result.name}.json`), formatResult(result))
  for (const { path, text } of picturesOf(result, picture)) await writeFile(path, text)
  console.log('\nWritten. "npm run bench:report" puts it into the README.')
}
