import type { Diagnosis } from './thing.ts'

/** The exit code: 1 when something needed is missing. */
export function exitCodeOf(diagnoses: readonly Diagnosis[]): number {
  return diagnoses.some(({ isNeeded, isThere }) => isNeeded && !isThere) ? 1 : 0
}

/** The report for people: a line for each thing; behind what is missing, what is lost and what to do. */
export function reportText(diagnoses: readonly Diagnosis[]): string {
  const width = Math.max(0, ...diagnoses.map(({ what }) => what.length))
  const lines = diagnoses.flatMap((diagnosis) => {
    const { what, found, isThere, without, remedy } = diagnosis
    const line = `${mark(diagnosis).padEnd(8)} ${what.padEnd(width)}  ${found}`
    return isThere ? [line] : [line, `${' '.repeat(9)}without it: ${without}`, `${' '.repeat(9)}remedy: ${remedy}`]
  })
  return [...lines, '', verdict(diagnoses)].join('\n')
}

/** The report for programs. */
export function reportJson(diagnoses: readonly Diagnosis[]): string {
  return JSON.stringify({ isReady: exitCodeOf(diagnoses) === 0, things: diagnoses }, undefined, 2)
}

function mark({ isThere, isNeeded }: Diagnosis): string {
  if (isThere) return 'ok'
  return isNeeded ? 'MISSING' : 'absent'
}

function verdict(diagnoses: readonly Diagnosis[]): string {
  const missing = diagnoses.filter(({ isThere }) => !isThere)
  if (missing.length === 0) return 'Nothing is missing'
  const needed = missing.filter(({ isNeeded }) => isNeeded).map(({ what }) => what)
  return needed.length === 0 ? 'Nothing that is needed is missing' : `Needed and missing: ${needed.join(', ')}`
}
