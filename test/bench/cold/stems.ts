import { randomUUID } from 'node:crypto'
import type { ContainerFactory } from '../../../invoker/ports/containers.ts'
import { comparison } from '../lib/figure.ts'
import { monotonicMs } from '../lib/monotonic.ts'
import { quiet } from '../lib/quiet.ts'
import type { Figure } from '../lib/result.ts'
import { alternate, type Round } from '../lib/rounds.ts'
import { RuntimeConnection, runBody } from '../lib/runtime-connection.ts'
import type { Server } from '../lib/server.ts'
import { median, percentile } from '../lib/statistics.ts'
import type { BenchFunction } from './functions.ts'
import type { Plan } from './plan.ts'
import { firstRun } from './start.ts'

/** What starts from warm stem cells are compared in. */
export interface StemBench {
  readonly server: Server
  readonly factory: ContainerFactory
  readonly function: BenchFunction
  readonly plan: Plan
}

/**
 * Warm stem cells against the bare exchange. Ours: from where the invoker has read the activation's message (its step `received`,
 * noted in the server's process) to the function's first line; in between are the action's document and code, placement, the journal
 * and the head of /init. Bare: all of POST /init and POST /run, with the same code, to a process of the same runtime that waits
 * behind a Unix socket in a container, from this process.
 */
export async function stemFigures(bench: StemBench): Promise<readonly Figure[]> {
  const { rounds, count } = bench.plan.stems
  const measured = await alternate({
    rounds,
    baseline: () => repeat(count, () => bareExchange(bench)),
    subject: () => repeat(count, () => warmStart(bench)),
  })
  const goals = [
    { id: 'p50', atMost: 2, rounds: measured.map((round) => each(round, median)) },
    { id: 'p99', atMost: 3, rounds: [each(together(measured), (values) => percentile(values, 0.99))] },
  ]
  return goals.map(({ id, atMost, rounds: compared }) =>
    comparison(
      {
        id: `stem-${id}`,
        title: `warm stem cell: message taken → first line, against a bare /init and /run, ${id}`,
        unit: 'ms',
        goal: { atMost },
      },
      compared,
    ),
  )
}

async function warmStart({ server, function: of, plan }: StemBench): Promise<number> {
  const { stamps, steps, how } = await firstRun(server, of, plan.silence)
  if (steps.received === undefined) throw new Error('Cannot measure a start: the server does not know its steps')
  if (how.start !== 'warm-stem-cell') console.error(`not from a warm stem cell, but ${how.start}`)
  return stamps.entered - steps.received
}

async function bareExchange({ factory, function: of, plan }: StemBench): Promise<number> {
  const name = `bench-${randomUUID()}`
  const spec = { name, kind: of.kind, memoryMb: 256, cpuShares: 256, env: {} }
  const { code } = await of.fresh(name)
  const container = await factory.create(spec, AbortSignal.timeout(60_000))
  try {
    if (!('socketPath' in container.endpoint)) throw new Error(`Cannot use "${of.kind}": it has no Unix socket`)
    const connection = new RuntimeConnection(container.endpoint.socketPath)
    const body = runBody({
      action: name,
      activationId: name,
      transactionId: name,
      value: JSON.parse(of.input),
      nowMs: Date.now(),
    })
    await quiet(plan.silence)
    const start = monotonicMs()
    await connection.init({ kind: of.kind, name, code })
    await connection.run(body)
    const elapsedMs = monotonicMs() - start
    await connection.close()
    return elapsedMs
  } finally {
    await container.destroy()
  }
}

async function repeat(count: number, measure: () => Promise<number>): Promise<readonly number[]> {
  const values: number[] = []
  while (values.length < count) values.push(await measure())
  return values
}

function each(
  { baseline, subject }: Round<readonly number[]>,
  of: (values: readonly number[]) => number,
): Round<number> {
  return { baseline: of(baseline), subject: of(subject) }
}

function together(rounds: readonly Round<readonly number[]>[]): Round<readonly number[]> {
  return {
    baseline: rounds.flatMap(({ baseline }) => baseline),
    subject: rounds.flatMap(({ subject }) => subject),
  }
}
