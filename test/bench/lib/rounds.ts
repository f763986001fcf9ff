/** What one round measured of each side. */
export interface Round<T> {
  readonly baseline: T
  readonly subject: T
}

/** How to alternate. */
export interface Alternation<T> {
  readonly rounds: number
  readonly baseline: () => Promise<T>
  readonly subject: () => Promise<T>
  /** Told after each round. */
  readonly onRound?: (round: Round<T>, index: number) => void
}

/**
 * Measures the two sides in turn. The order changes from round to round (A B, B A, …), so that a machine that grows
 * slower or faster meanwhile favours neither.
 */
export async function alternate<T>(options: Alternation<T>): Promise<readonly Round<T>[]> {
  const measured: Round<T>[] = []
  for (let index = 0; index < options.rounds; index += 1) {
    const round = index % 2 === 0 ? await baselineFirst(options) : await subjectFirst(options)
    measured.push(round)
    options.onRound?.(round, index)
  }
  return measured
}

async function baselineFirst<T>(options: Alternation<T>): Promise<Round<T>> {
  const baseline = await options.baseline()
  return { baseline, subject: await options.subject() }
}

async function subjectFirst<T>(options: Alternation<T>): Promise<Round<T>> {
  const subject = await options.subject()
  return { baseline: await options.baseline(), subject }
}
