// Part of the gate: no source file above 300 lines, and a median of at most 90.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const longest = 300
const median = 90
const root = path.resolve(import.meta.dirname, '../..')
const folders = ['invoker', 'deploy', 'runtimes', 'actions', 'test']
const isSource = (name) => /\.(ts|mjs|cjs|js|py)$/.test(name) && !/(^|\/)(node_modules|recorded|results)\//.test(name)

const sizes = folders
  .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, name)))
  .filter(isSource)
  .map((file) => ({ file, lines: readFileSync(path.join(root, file), 'utf8').split('\n').length - 1 }))
  .sort((a, b) => a.lines - b.lines)

const middle = sizes[Math.floor(sizes.length / 2)]?.lines ?? 0
const problems = sizes
  .filter(({ lines }) => lines > longest)
  .map(({ file, lines }) => `${file}: ${lines} lines, at most ${longest}`)
if (middle > median) problems.push(`The median of ${sizes.length} files is ${middle} lines, at most ${median}`)
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length > 0 ? 1 : 0
