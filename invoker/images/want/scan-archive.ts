import { openArchive } from './archive.ts'
import { scanNode } from './scan-node.ts'
import { scanPython } from './scan-python.ts'
import type { Provides } from './want.ts'

/** What code needs of others, and what it brings itself. */
export interface ScannedImports {
  readonly modules: readonly string[]
  readonly provides: Provides
}

const unreadable: ScannedImports = { modules: [], provides: 'unknown' }
const noNames: ReadonlySet<string> = new Set()
const sitePackages = /^virtualenv\/lib(?:64)?\/[^/]+\/site-packages\/([^/]+)/

/** Imports of the Python files of an archive, but for its virtualenv; __main__.py comes first, then by depth. */
export function scanPythonArchive(content: Uint8Array): ScannedImports {
  const archive = openArchive(content)
  if (archive === undefined) return unreadable
  const provides = new Set(archive.names.flatMap(providedBy))
  const sources = archive.names.filter((name) => name.endsWith('.py') && !name.startsWith('virtualenv/'))
  const texts = archive.read(byDepth(sources, '__main__.py'))
  const modules = texts.flatMap(scanPython).filter((module) => !provides.has(module.split('.')[0] ?? ''))
  return { modules: [...new Set(modules)], provides }
}

/**
 * Imports of the JavaScript files of an archive, but for its node_modules; the main file comes first, then by depth. Nothing that
 * it brings can be taken for a package of the runtime build: Node.js tells modules apart by their files.
 */
export function scanNodeArchive(content: Uint8Array): ScannedImports {
  const archive = openArchive(content)
  if (archive === undefined) return { ...unreadable, provides: noNames }
  const own = new Set(
    archive.names.flatMap((name) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1] ?? []),
  )
  const sources = archive.names.filter((name) => /\.[cm]?js$/.test(name) && !/(?:^|\/)node_modules\//.test(name))
  const texts = archive.read(byDepth(sources, mainOf(archive.read(['package.json'])[0])))
  const modules = texts.flatMap(scanNode).filter((module) => !own.has(module))
  return { modules: [...new Set(modules)], provides: noNames }
}

function providedBy(name: string): readonly string[] {
  const [module = ''] = (sitePackages.exec(name)?.[1] ?? name.split('/', 1)[0] ?? '').split('.', 1)
  return module === '' || module === '__main__' ? [] : [module]
}

function mainOf(packageJson: string | undefined): string {
  try {
    const { main } = JSON.parse(packageJson ?? '{}')
    return typeof main === 'string' ? main.replace(/^\.\//, '') : 'index.js'
  } catch {
    return 'index.js' // The runtime tells the developer.
  }
}

function byDepth(names: readonly string[], first: string): readonly string[] {
  const rank = (name: string): number => (name === first ? 0 : name.split('/').length)
  return names.toSorted((a, b) => rank(a) - rank(b))
}
