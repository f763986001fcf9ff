import { resolve } from 'node:path'
import { lacking } from '../../deploy/setup/functionbench.mjs'

const root = resolve(import.meta.dirname, '../..')
let reason: string | undefined

/** Why a sample of this folder cannot run here, as a sentence; undefined when it can. */
export function whyNoSample(folder: string): string | undefined {
  if (!folder.startsWith('functionbench/')) return undefined
  reason ??= sentence(lacking(root))
  return reason === '' ? undefined : reason
}

function sentence(missing: readonly string[]): string {
  return missing.length === 0 ? '' : `functionbench lacks ${missing.join(', ')}: "warmwhisk setup functionbench" helps`
}
