import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { generate, stale } from '../lib/report.ts'

/** `npm run bench:report`: writes the README's tables and the pictures from the result files; `--check` only compares. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const generated = await generate(process.cwd())
const outdated = await stale(process.cwd(), generated)

if (values.check && outdated.length > 0) {
  console.error(`Cannot pass: ${outdated.join(', ')} differ(s) from the result files: run "npm run bench:report"`)
  process.exitCode = 1
}
if (!values.check) {
  for (const { path, text } of generated) if (outdated.includes(path)) await writeFile(path, text)
  console.log(outdated.length === 0 ? 'Nothing to do' : `Wrote ${outdated.join(', ')}`)
}
