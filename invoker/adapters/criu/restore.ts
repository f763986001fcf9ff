import { closeSync, openSync, readFileSync, readlinkSync } from 'node:fs'
import type { Place } from '../../ports/empty-containers.ts'
import { type Checkpoint, numberInside } from './checkpoint.ts'
import type { CriuProgram } from './program.ts'
import { runCriu } from './run-criu.ts'

/**
 * Puts a running copy into an empty container: in its namespaces and control groups, with its streams and control socket in the
 * place of those that were open. Gives the host's number of the copy, which is our child from then on (an orphan of `nsenter`).
 * @throws Error with what CRIU said; what it had begun ends with the container.
 */
export async function restore(
  checkpoint: Checkpoint,
  { program, place, signal }: { readonly program: CriuProgram; readonly place: Place; readonly signal: AbortSignal },
): Promise<number> {
  const { namespaces, controlGroups, stdout, stderr, listener } = place
  const images = openSync(checkpoint.directory, 'r')
  const given = [checkpoint.stdout, checkpoint.stderr, checkpoint.listener]
  try {
    await runCriu(
      {
        ...{ program, namespaces, controlGroups, images, passed: [stdout, stderr, listener] },
        words: (passed) => [
          ...['restore', '--restore-detached', '--restore-sibling', '--manage-cgroups=ignore', '-v1'],
          ...given.flatMap((name, index) => ['--inherit-fd', `fd[${passed[index]}]:${name}`]),
        ],
      },
      signal,
    )
  } finally {
    closeSync(images)
  }
  return findCopy(controlGroups, checkpoint.number)
}

/** In the control groups of the container there is its first process, and the copy. */
function findCopy([group]: readonly number[], number: number): number {
  if (group === undefined) throw new Error('the container has no control group')
  const pids = readFileSync(readlinkSync(`/proc/self/fd/${group}`), 'utf8')
    .split('\n')
    .filter(Boolean)
  const copy = pids.find((pid) => numberOf(pid) === number)
  if (copy === undefined) throw new Error('the copy ended at once')
  return Number(copy)
}

function numberOf(pid: string): number | undefined {
  try {
    return numberInside(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return undefined // It has ended meanwhile.
  }
}
