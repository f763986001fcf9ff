import type { ExecutableAction } from '../../domain/action.ts'
import { type ScannedImports, scanNodeArchive, scanPythonArchive } from './scan-archive.ts'
import { scanNode } from './scan-node.ts'
import { scanPython } from './scan-python.ts'

/** Text that is looked at; imports further on are found by their runtime. */
const mostChars = 512 * 1024

interface Language {
  readonly source: (text: string) => readonly string[]
  readonly archive: (content: Uint8Array) => ScannedImports
}

const languages: Readonly<Record<string, Language>> = {
  python: { source: scanPython, archive: scanPythonArchive },
  nodejs: { source: scanNode, archive: scanNodeArchive },
}

/**
 * What an action's code imports as far as its text says, in the order of the text, each once: `numpy`, `sklearn.linear_model`,
 * `@scope/package`. What is in the action's own archive is left out, as are relative imports. `family` is that of the kind.
 * Bounded in bytes; never throws: code that cannot be read imports nothing.
 */
export function scanImports(
  { code = '', binary }: Pick<ExecutableAction['exec'], 'code' | 'binary'>,
  family: string,
): ScannedImports {
  const language = languages[family]
  if (language === undefined) return { modules: [], provides: 'unknown' }
  if (!binary) return plain(language, code)
  const content = Buffer.from(code, 'base64')
  // Text that merely looks like base64 is marked binary too (protocol reference 3.3).
  const isArchive = content.subarray(0, 2).toString('latin1') === 'PK'
  return isArchive ? language.archive(content) : plain(language, content.subarray(0, mostChars).toString())
}

function plain({ source }: Language, text: string): ScannedImports {
  return { modules: source(text.slice(0, mostChars)), provides: new Set() }
}
