import type { FirstRun } from './start.ts'

/** What the time of a first request goes to, in order. */
export const partNames = ['api', 'container', 'restore', 'init', 'import', 'run', 'answer'] as const

/** A part of a first request. */
export type PartName = (typeof partNames)[number]

/** Length of each part in ms. Together they are the whole request. */
export type Parts = Readonly<Record<PartName, number>>

/**
 * Takes a first run apart. `api`: from the request to where the invoker takes the message. `container`: until the action has one,
 * without `restore`, the part of it in which an image was restored (nothing where the container waited). `init`: until the
 * function's own code has run on the module's level, without `import`, the part of it that its imports took. `run`: until the runtime
 * has answered. `answer`: until the client has.
 */
export function partsOf(run: FirstRun): Parts {
  const { how, sentMs, answeredMs, stamps, steps } = run
  const { received, leased, ran } = steps
  if (received === undefined || leased === undefined || ran === undefined) {
    throw new Error('Cannot take a run apart: the server does not know its steps')
  }
  // A warm stem cell was restored before anybody asked.
  const restore = how.start === 'restored' ? Math.min(how.restoreMs ?? 0, leased - received) : 0
  const imports = stamps.imported - stamps.entered
  return {
    api: received - sentMs,
    container: leased - received - restore,
    restore,
    init: stamps.begun - leased - imports,
    import: imports,
    run: ran - stamps.begun,
    answer: answeredMs - ran,
  }
}

/** The parts of the middle of several runs: of each part the median. */
export function medianParts(runs: readonly FirstRun[], median: (values: readonly number[]) => number): Parts {
  const each = runs.map(partsOf)
  return Object.fromEntries(partNames.map((name) => [name, median(each.map((parts) => parts[name]))])) as Record<
    PartName,
    number
  >
}
