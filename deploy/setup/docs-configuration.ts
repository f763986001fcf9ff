/** Writes docs/configuration.md, or with --check says whether it is what would be written. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describeSettings } from '../../invoker/config/describe.ts'

const file = new URL('../../docs/configuration.md', import.meta.url)
const wanted = describeSettings()
if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted)
} else if (readFileSync(file, 'utf8') !== wanted) {
  process.stderr.write('docs/configuration.md differs from the table of settings: run "npm run docs:configuration"\n')
  process.exitCode = 1
}
