import type { BenchResult, Figure, Goal } from './result.ts'

interface Column {
  readonly head: string
  readonly align: '---' | '---:'
  readonly cell: (figure: Figure) => string
}

/** A result as Markdown: where it was measured, its picture, and a table of its figures. `picture` is the path to link to. */
export function section(result: BenchResult, picture: string): string {
  const { machine } = result
  const pictures = [`![${result.title}](${picture})`]
  if (result.stacks !== undefined)
    pictures.push('', `![${result.title}: where the time goes](${stackPicture(picture)})`)
  return [
    ...pictures,
    '',
    ...table(columns(result), result.figures),
    '',
    `Measured on ${result.date.slice(0, 10)} at commit \`${result.commit}\`: ${machine.cores} × ${machine.cpu}, ` +
      `${Math.round(machine.memoryMb / 1024)} GB, Linux ${machine.kernel}, Node ${machine.node}. ` +
      `A ratio is the median of the rounds' ratios to ${result.baseline}, in brackets its interquartile range.${speedUps(result)}`,
  ].join('\n')
}

/** Path of the picture of a result's stacks, beside that of its figures. */
export function stackPicture(picture: string): string {
  return picture.replace(/\.svg$/, '-parts.svg')
}

function speedUps({ figures, baseline }: BenchResult): string {
  return figures.some(({ isSpeedUp }) => isSpeedUp) ? ` With ×, how many times ${baseline} takes what we take.` : ''
}

function columns(result: BenchResult): readonly Column[] {
  const openwhisk: Column = {
    head: "OpenWhisk's own",
    align: '---:',
    cell: ({ openwhisk: value }) => (value === undefined ? '' : number(value)),
  }
  const p99: Column = {
    head: 'p99, and of the other',
    align: '---:',
    cell: (figure) =>
      figure.p99 === undefined ? '' : `${number(figure.p99.value)} ${figure.unit}, ${number(figure.p99.baseline)}`,
  }
  return [
    { head: result.title, align: '---', cell: (figure) => figure.title },
    { head: 'warmwhisk', align: '---:', cell: (figure) => `${number(figure.value)} ${figure.unit}` },
    { head: result.baseline, align: '---:', cell: ({ baseline }) => (baseline === null ? '' : number(baseline)) },
    { head: 'ratio', align: '---:', cell: ratio },
    { head: 'goal', align: '---', cell: ({ goal, met }) => (goal === null ? '' : `${bound(goal)} ${verdict(met)}`) },
    ...(result.figures.some((figure) => figure.p99 !== undefined) ? [p99] : []),
    ...(result.figures.some((figure) => figure.openwhisk !== undefined) ? [openwhisk] : []),
  ]
}

function table(of: readonly Column[], figures: readonly Figure[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    row(of.map(({ head }) => head)),
    row(of.map(({ align }) => align)),
    ...figures.map((figure) => row(of.map(({ cell }) => cell(figure)))),
  ]
}

function ratio({ ratio: value, spread, isSpeedUp }: Figure): string {
  if (value === null) return ''
  const text = isSpeedUp ? `${number(value)}×` : number(value)
  return spread === null ? text : `${text} (${number(spread.low)}–${number(spread.high)})`
}

function bound(goal: Goal): string {
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`
}

function verdict(met: boolean | null): string {
  return met === true ? 'met' : '**missed**'
}

/** Three significant digits, never in powers of ten. */
function number(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 })
}
