import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chart } from './chart.ts'
import { fillSections } from './readme.ts'
import { type BenchResult, parseResult } from './result.ts'
import { stackChart } from './stack-chart.ts'
import { section, stackPicture } from './table.ts'

/** Where result files and their pictures are, from the root of the project. */
export const resultsFolder = 'test/bench/results'

/** A file that the results determine, as it should be. `path` is from the root. */
export interface Generated {
  readonly path: string
  readonly text: string
}

/** Everything that is made from the result files: a picture beside each, and the README with its sections filled. */
export async function generate(root: string): Promise<readonly Generated[]> {
  const pictures: Generated[] = []
  const sections = new Map<string, string>()
  for (const file of await resultFiles(join(root, resultsFolder))) {
    const result = parseResult(await readFile(join(root, resultsFolder, file), 'utf8'))
    const path = `${resultsFolder}/${result.name}.svg`
    pictures.push(...picturesOf(result, path))
    sections.set(result.name, section(result, path))
  }
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  return [...pictures, { path: 'README.md', text: fillSections(readme, sections) }]
}

/** The pictures of a result; `path` is that of its figures. */
export function picturesOf(result: BenchResult, path: string): readonly Generated[] {
  const figures = { path, text: chart(result) }
  if (result.stacks === undefined) return [figures]
  return [figures, { path: stackPicture(path), text: stackChart(result.stacks) }]
}

/** Paths of generated files that are not as they should be; a file that is not there counts. */
export async function stale(root: string, generated: readonly Generated[]): Promise<readonly string[]> {
  const states = await Promise.all(
    generated.map(async ({ path, text }) => ({ path, isFresh: (await read(join(root, path))) === text })),
  )
  return states.filter(({ isFresh }) => !isFresh).map(({ path }) => path)
}

async function resultFiles(folder: string): Promise<readonly string[]> {
  // Git keeps no empty folder: without results there is none.
  if (!existsSync(folder)) return []
  return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    // Not there, or not readable: either way it must be written.
    return undefined
  }
}
