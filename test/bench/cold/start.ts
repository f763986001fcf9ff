import { randomUUID } from 'node:crypto'
import { quiet, type Silence } from '../lib/quiet.ts'
import type { Invoked, Server, StepTimes } from '../lib/server.ts'
import type { BenchFunction } from './functions.ts'
import { type Stamps, stampsKey } from './instrument.ts'

/** How a container was come by: annotation `warmwhisk` of the activation. */
export interface StartKind {
  readonly start: string
  readonly image?: string
  readonly engine?: string
  readonly restoreMs?: number
}

/** The first run of a function that was never seen before. Times by {@link monotonicMs}. */
export interface FirstRun {
  readonly how: StartKind
  readonly sentMs: number
  readonly answeredMs: number
  readonly stamps: Stamps
  readonly steps: StepTimes
}

/** Memory of every function that is started: stem cells of the kind and of this memory serve it (protocol reference 5.3). */
export const functionMemoryMb = 512

/** No container is made from nothing in less. */
const fastestCreateMs = 25

/** Creates a function with code that was never seen, waits until the machine is quiet, runs it once, and removes it. */
export async function firstRun(server: Server, of: BenchFunction, silence: Silence): Promise<FirstRun> {
  const name = await createFresh(server, of)
  await quiet(silence)
  try {
    const invoked = await server.invoke(name, of.input)
    return readRun(invoked, await server.steps(invoked.activationId))
  } finally {
    await server.remove(name)
  }
}

/**
 * A first run that came by its container as it should, or else the last of three: a stem cell that is not there again yet would make
 * the other side of a comparison look slower than it is.
 */
export async function firstRunBy(wanted: string | undefined, run: () => Promise<FirstRun>): Promise<FirstRun> {
  for (let attempt = 1; ; attempt += 1) {
    const made = await run()
    if (wanted === undefined || made.how.start === wanted) return made
    if (attempt === 3) {
      console.error(`started as ${made.how.start}, not as ${wanted}`)
      return made
    }
  }
}

/** Creates a function with code that was never seen before; gives its name. */
export async function createFresh(server: Server, of: BenchFunction): Promise<string> {
  const unique = randomUUID()
  const name = `bench-${unique}`
  await server.create({ name, kind: of.kind, memoryMb: functionMemoryMb, ...(await of.fresh(unique)) })
  return name
}

/**
 * What an invocation of an instrumented function tells.
 * @throws Error when it was no first run, or when its clock is not ours.
 */
export function readRun(invoked: Invoked, steps: StepTimes): FirstRun {
  const { sentMs, answeredMs, annotations } = invoked
  const stamps = invoked.result[stampsKey] as unknown as Stamps | undefined
  if (stamps === undefined) throw new Error('Cannot measure: the result has no clock readings')
  if (!('initTime' in annotations)) throw new Error('Cannot measure a first run: the container was warm')
  if (stamps.entered < sentMs || stamps.ended > answeredMs) {
    throw new Error(
      `Cannot measure: the function ran from ${stamps.entered} to ${stamps.ended} ms, not within ${sentMs} to ${answeredMs}: its clock is another`,
    )
  }
  return { how: readStart(annotations, steps), sentMs, answeredMs, stamps, steps }
}

/** A server without dependency images tells no way: there a container is either made now or had waited, and then it is there at once. */
function readStart({ warmwhisk }: Invoked['annotations'], { received = 0, leased = 0 }: StepTimes): StartKind {
  if (warmwhisk !== undefined) return warmwhisk as StartKind
  return { start: leased - received < fastestCreateMs ? 'prewarmed' : 'cold' }
}
