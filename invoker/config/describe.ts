import { openwhiskVariable, ownVariable } from './setting.ts'
import { type Row, rows } from './table.ts'

/** The text of docs/configuration.md: every setting of the table, by group. */
export function describeSettings(): string {
  const groups = [...new Set(rows().map((row) => row.group))].map((group) => {
    const lines = rows()
      .filter((row) => row.group === group)
      .map(line)
    return [`## ${group}`, tableHead, ...lines].join('\n')
  })
  return `${[head, ...groups].join('\n\n')}\n`
}

const head = `# Configuration

Generated from \`invoker/config/\` by \`npm run docs:configuration\`.

Each setting is an environment variable: ours, or the one that an OpenWhisk deployment sets; where both are set, ours holds, and an
option of the command line holds above both. Everything is read once at the start, and every problem is reported at once.
Sizes are written \`2048m\` or \`256 MB\`, durations \`10 minutes\`, \`60s\` or \`500 ms\`, lists with commas.
A value \`$NAME\` of a \`CONFIG_…\` variable stands for the value of that variable.`

const tableHead = '\n| setting | what it does | type | default |\n|---|---|---|---|'

function line(row: Row): string {
  const { type, says, openwhisk = [], option, neededBy, isSecret } = row.setting
  const names = [ownVariable(row.group, row.name), ...new Set(openwhisk.map(openwhiskVariable)), option ?? []].flat()
  const notes = [neededBy ? ` Needed in the mode \`${neededBy}\`.` : '', isSecret ? ' Secret.' : '']
  const standard = row.setting.default === '' ? '' : `\`${row.setting.default}\``
  return `| ${names.map((name) => `\`${name}\``).join('<br>')} | ${says}.${notes.join('')} | ${type.word} | ${standard} |`
}
