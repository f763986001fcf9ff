import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import { labelWidth, svgText } from './chart.ts'
import type { Stack } from './result.ts'

const palette = ['#5b6470', '#c98a1b', '#1b7f4b', '#2f6fb7', '#c22f2f', '#7a4fb0', '#98a2ad']
const legendStep = 90

/**
 * Draws times in their parts as SVG text: a bar for each way, its parts one after the other and their sum behind it, the ways of a
 * group together. The same stacks give the same text.
 */
export function stackChart(stacks: readonly Stack[]): string {
  const bars = stacks.flatMap(({ group, way, parts }) => parts.map(({ part, value }) => ({ group, way, part, value })))
  const sums = stacks.map(({ group, way, parts }) => ({ group, way, sum: sum(parts) }))
  const groups = [...new Set(stacks.map(({ group }) => group))]
  const ways = [...new Set(stacks.map(({ way }) => way))]
  const parts = [...new Set(bars.map(({ part }) => part))]
  const plot = Plot.plot({
    document: new JSDOM('').window.document,
    width: 1000,
    height: 90 + 17 * groups.length * ways.length,
    marginTop: 40,
    marginLeft: labelWidth(ways),
    marginRight: labelWidth(groups),
    marginBottom: 40,
    style: 'background: white; color: black; font: 12px sans-serif',
    x: { label: 'ms', grid: true, nice: true },
    y: { label: null, domain: ways },
    fy: { label: null, domain: groups, padding: 0.15 },
    color: { domain: parts, range: palette.slice(0, parts.length) },
    marks: [
      Plot.barX(bars, { x: 'value', y: 'way', fy: 'group', fill: 'part' }),
      Plot.text(sums, { x: 'sum', y: 'way', fy: 'group', text: label, textAnchor: 'start', dx: 4 }),
      Plot.ruleX([0]),
      ...parts.map((part, index) => legend(part, index)),
    ],
  })
  return svgText(plot)
}

/** The name of a part in its colour, above everything. */
function legend(part: string, index: number): Plot.Markish {
  return Plot.text([part], {
    facet: 'super',
    frameAnchor: 'top-left',
    dx: index * legendStep,
    dy: -24,
    text: [part],
    fill: palette[index] ?? 'black',
    fontWeight: 'bold',
  })
}

function label({ sum: total }: { readonly sum: number }): string {
  return Number(total.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 2 })
}

function sum(parts: Stack['parts']): number {
  return parts.reduce((total, { value }) => total + value, 0)
}
