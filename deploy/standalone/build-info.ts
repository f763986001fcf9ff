import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RestOptions } from './rest-options.ts'

/** What `GET /api/v1` tells: the version of the package, and when this build was made. */
export function buildInfo(root: string): RestOptions['build'] {
  const file = join(root, 'package.json')
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return { date: statSync(file).mtime.toISOString(), number: version }
}
