import type { SystemLimits } from '../domain/limits.ts'
import { Fault } from '../faults/fault.ts'
import { problemsBetween } from './checks.ts'
import type { Environment, Given } from './openwhisk.ts'
import { type Machine, type Mode, openwhiskVariable, ownVariable } from './setting.ts'
import { type Overrides, Sources } from './sources.ts'
import { systemLimits } from './system-limits.ts'
import { type Row, rows, type Values } from './table.ts'

/** Everything that an operator can set, read once. `notes` are for the log: what was set and has no effect. */
export interface Config extends Omit<Values, 'limits'> {
  readonly limits: SystemLimits
  readonly mode: Mode
  readonly notes: readonly string[]
}

/**
 * Reads the whole configuration, frozen. Nothing is opened or written. Without `machineMb`, all memory of the machine, nothing is
 * sized by it.
 * @throws Fault SETTINGS_WRONG that names every problem, one a line: what was set, to what (secrets masked), what would be right.
 */
export function readConfig(
  env: Environment,
  options: { readonly mode: Mode; readonly overrides?: Overrides; readonly machineMb?: number },
): Config {
  const { mode, overrides = {}, machineMb } = options
  const sources = new Sources(env, overrides)
  const machine = machineMb === undefined ? undefined : { mode, memoryMb: machineMb }
  const read = rows().map((row) => readRow(row, sources.find(row), { mode, machine }))
  const problems = [...read.flatMap(({ problem }) => problem ?? []), ...sources.unknownOwn()]
  if (problems.length > 0) throw wrong(problems)
  const values = grouped(read)
  const between = problemsBetween(values)
  if (between.length > 0) throw wrong(between)
  return deepFreeze({ ...values, limits: systemLimits(values.limits), mode, notes: sources.notes() })
}

interface ReadRow {
  readonly row: Row
  readonly value?: unknown
  readonly problem?: string
}

function readRow(
  row: Row,
  given: Given | undefined,
  { mode, machine }: { readonly mode: Mode; readonly machine: Machine | undefined },
): ReadRow {
  const { type, neededBy, isSecret, defaultOn } = row.setting
  if (given === undefined && neededBy === mode)
    return { row, problem: `${namesOf(row)}: not set: expected a ${type.word}` }
  const result = type.schema.safeParse(given?.value ?? ((machine && defaultOn?.(machine)) || row.setting.default))
  if (result.success) return { row, value: result.data }
  const expected = result.error.issues.map((issue) => issue.message).join('; ')
  return { row, problem: `${given?.variable ?? row.path}: ${shown(given?.value, isSecret === true)}: ${expected}` }
}

/** What sets a row, as a hint: the option, or OpenWhisk's variable, since a deployment has it; and our own. */
function namesOf(row: Row): string {
  const { option, openwhisk = [] } = row.setting
  const first = option ?? openwhisk.slice(0, 1).map(openwhiskVariable)
  return [first, ownVariable(row.group, row.name)].flat().join(' or ')
}

/** A value as a report may show it: secrets masked, long ones cut. */
function shown(value: string | undefined, isSecret: boolean): string {
  if (isSecret) return '(secret)'
  const text = value ?? ''
  return `"${text.length > 80 ? `${text.slice(0, 77)}...` : text}"`
}

function grouped(read: readonly ReadRow[]): Values {
  const groups: Record<string, Record<string, unknown>> = {}
  for (const { row, value } of read) {
    groups[row.group] ??= {}
    Object.assign(groups[row.group] ?? {}, { [row.name]: value })
  }
  // Every row of the table was read by its own schema: the shape is the table's.
  return groups as unknown as Values
}

function wrong(problems: readonly string[]): Fault {
  const count = problems.length === 1 ? '1 setting is wrong' : `${problems.length} settings are wrong`
  return new Fault('SETTINGS_WRONG', `${count}\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
