import type { Command } from './command.ts'

/** The text of `warmwhisk --help`. */
export function helpOfAll(commands: readonly Command[]): string {
  return [
    'Usage: warmwhisk COMMAND [OPTIONS]',
    '',
    ...columns(commands.map(({ name, says }) => [name, says])),
    '',
    ...columns([
      ['--help, -h', 'This text; behind a command, that of the command'],
      ['--version', 'The version'],
    ]),
    '',
    'Settings that have no option are environment variables: docs/configuration.md lists them.',
  ].join('\n')
}

/** The text of `warmwhisk COMMAND --help`. */
export function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(([name, { short, value, says }]): [string, string] => [
    `--${name}${short ? `, -${short}` : ''}${value ? ` ${value}` : ''}`,
    says,
  ])
  return [
    `Usage: warmwhisk ${[command.name, options.length > 0 ? '[OPTIONS]' : [], command.words ?? []].flat().join(' ')}`,
    `${command.says}.`,
    '',
    ...(command.wordsSay ? [...columns(command.wordsSay), ''] : []),
    ...columns([...options, ['--help, -h', 'This text']]),
  ].join('\n')
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
