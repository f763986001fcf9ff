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

const plotWidth = 530
const colors = { met: '#1b7f4b', missed: '#c22f2f', published: '#5b6470' } as const

/**
 * Draws the ratios of a result as SVG text: a dot per figure with its spread as a line, the goal as a mark, 1 (the
 * baseline) as a rule. The same result gives the same text, so that the gate can compare.
 */
export function chart(result: BenchResult): string {
  const bars = result.figures.flatMap(bar)
  const marginLeft = labelWidth(bars.map(({ title }) => title))
  const plot = Plot.plot({
    document: new JSDOM('').window.document,
    width: marginLeft + plotWidth,
    height: 80 + 24 * bars.length,
    marginLeft,
    marginBottom: 40,
    style: 'background: white; color: black; font: 12px sans-serif',
    x: { label: `times ${result.baseline}`, grid: true, nice: true, ...scale(bars) },
    y: { label: null, domain: bars.map(({ title }) => title) },
    marks: [
      Plot.ruleX([1], { stroke: '#888' }),
      Plot.ruleY(bars, { x1: 'low', x2: 'high', y: 'title', stroke: 'color', strokeWidth: 3 }),
      Plot.dot(bars, { x: 'ratio', y: 'title', fill: 'color', r: 5 }),
      Plot.tickX(bars, { x: 'goal', y: 'title', stroke: 'black', strokeWidth: 2, inset: 4 }),
    ],
  })
  return svgText(plot)
}

/** Text of a picture that was drawn. Outside a page an SVG needs its namespace; jsdom's serialisation of a fragment leaves it out. */
export function svgText(plot: { readonly outerHTML: string }): string {
  const text = plot.outerHTML
  return `${text.includes('xmlns=') ? text : text.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')}\n`
}

/** Room for labels on the left, in pixels: the longest in the charts' font, which no font measure is at hand for. */
export function labelWidth(labels: readonly string[]): number {
  return 20 + Math.ceil(6.6 * Math.max(0, ...labels.map((label) => label.length)))
}

/** Ratios of very different size are compared by their digits, from 1, which is the baseline. */
function scale(bars: readonly Bar[]): { readonly zero: true } | { readonly type: 'log' } {
  return bars.some(({ ratio }) => ratio > 20) ? { type: 'log' } : { zero: true }
}

function bar({ title, ratio, spread, goal, met }: BenchResult['figures'][number]): Bar[] {
  if (ratio === null) return []
  const color = met === null ? colors.published : met ? colors.met : colors.missed
  const bound = goal === null ? undefined : 'atMost' in goal ? goal.atMost : goal.atLeast
  return [{ title, ratio, low: spread?.low ?? ratio, high: spread?.high ?? ratio, goal: bound, color }]
}
