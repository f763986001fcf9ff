import { z } from 'zod'

/** What a figure's ratio must keep to. */
const goal = z.union([z.strictObject({ atMost: z.number() }), z.strictObject({ atLeast: z.number() })])

const figure = z.strictObject({
  id: z.string(),
  title: z.string(),
  unit: z.string(),
  /** What the product took: the median of the rounds. */
  value: z.number(),
  /** What it is compared with, in the same unit; null where there is nothing to compare. */
  baseline: z.number().nullable(),
  /** Median of the rounds' ratios of value to baseline; of a speed-up, of baseline to value. */
  ratio: z.number().nullable(),
  /** The ratio says how many times the baseline takes what we take. */
  isSpeedUp: z.literal(true).optional(),
  /** The 99th percentile of all single measurements, where the value is a median of them. */
  p99: z.strictObject({ value: z.number(), baseline: z.number() }).optional(),
  /** Interquartile range of the ratios, or of the values where there is no baseline. */
  spread: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  /** Rounds, or single measurements where there are no rounds. */
  samples: z.number().int().positive(),
  goal: goal.nullable(),
  /** Null where nothing is asked: published only. */
  met: z.boolean().nullable(),
  /** OpenWhisk's own figure on such a machine, for orientation. */
  openwhisk: z.number().optional(),
})

const stack = z.strictObject({
  /** What was measured, such as a function. */
  group: z.string(),
  /** In which way, such as a start kind. */
  way: z.string(),
  parts: z.array(z.strictObject({ part: z.string(), value: z.number() })),
})

const result = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  /** What the baseline is, in a word or two. */
  baseline: z.string(),
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.number(),
    memoryMb: z.number(),
    kernel: z.string(),
    node: z.string(),
  }),
  /** ISO 8601, UTC. */
  date: z.string(),
  commit: z.string(),
  figures: z.array(figure).nonempty(),
  /** What measured times go to, in ms; a second picture shows them. */
  stacks: z.array(stack).optional(),
})

/** A goal of a ratio. */
export type Goal = z.infer<typeof goal>
/** One figure of a benchmark. */
export type Figure = z.infer<typeof figure>
/** A time in its parts. */
export type Stack = z.infer<typeof stack>
/** All of a benchmark's figures from one whole run: the content of `results/<name>.json`. */
export type BenchResult = z.infer<typeof result>

/** Reads the text of a result file. @throws ZodError or SyntaxError when it is none. */
export function parseResult(text: string): BenchResult {
  return result.parse(JSON.parse(text))
}

/** The text of a result file: indented, so that changes can be reviewed. */
export function formatResult(value: BenchResult): string {
  return `${JSON.stringify(result.parse(value), null, 2)}\n`
}
