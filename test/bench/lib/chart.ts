import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import type { BenchResult } from './result.ts'

interface Bar {
  readonly title: string
  readonly ratio: number
  readonly low: number
  readonly high: number
  readonly goal: number | undefined
  readonly color: string
}

const colors = { met: '#1b7f4b', missed: '#c22f2f', published: '#5b6470' } as const

/**
 * Draws the ratios of a result as SVG text: a dot per figure with its spread as a line, the goal as a mark, 1 (the
 * baseline) as a rule. The same result gives the same text, so that the gate can compare.
 */
export function chart(result: BenchResult): string {
  const bars = result.figures.flatMap(bar)
  const plot = Plot.plot({
    document: new JSDOM('').window.document,
    width: 860,
    height: 80 + 24 * bars.length,
    marginLeft: 330,
    marginBottom: 40,
    style: 'background: white; color: black; font: 12px sans-serif',
    x: { label: `times ${result.baseline}`, zero: true, grid: true, nice: true },
    y: { label: null, domain: bars.map(({ title }) => title) },
    marks: [
      Plot.ruleX([1], { stroke: '#888' }),
      Plot.ruleY(bars, { x1: 'low', x2: 'high', y: 'title', stroke: 'color', strokeWidth: 3 }),
      Plot.dot(bars, { x: 'ratio', y: 'title', fill: 'color', r: 5 }),
      Plot.tickX(bars, { x: 'goal', y: 'title', stroke: 'black', strokeWidth: 2, inset: 4 }),
    ],
  })
  // Outside a page an SVG needs its namespace; jsdom's own serialisation of a fragment leaves it out.
  const text = plot.outerHTML
  return `${text.includes('xmlns=') ? text : text.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')}\n`
}

function bar({ title, ratio, spread, goal, met }: BenchResult['figures'][number]): Bar[] {
  if (ratio === null) return []
  const color = met === null ? colors.published : met ? colors.met : colors.missed
  const bound = goal === null ? undefined : 'atMost' in goal ? goal.atMost : goal.atLeast
  return [{ title, ratio, low: spread?.low ?? ratio, high: spread?.high ?? ratio, goal: bound, color }]
}
