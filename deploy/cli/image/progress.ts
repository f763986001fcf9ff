import type { BuildProgress } from '../../../invoker/ports/image-engine.ts'
import type { Surroundings } from '../command.ts'

const barWidth = 30

/** Shows how a build goes on. */
export interface ProgressView {
  show(progress: BuildProgress): void
  /** Clears what is not to stay. */
  end(): void
}

/** A bar that moves where stderr is a terminal, else a line for each step. */
export function progressView({ terminal, complain }: Pick<Surroundings, 'terminal' | 'complain'>): ProgressView {
  if (terminal === undefined) return { show: (progress) => complain(lineOf(progress)), end: () => undefined }
  return {
    show: (progress) => terminal.write(`\r\u001B[K${barOf(progress).slice(0, terminal.columns - 1)}`),
    end: () => terminal.write('\r\u001B[K'),
  }
}

/** `3 of 7: importing torch`. */
export function lineOf({ done, total, now }: BuildProgress): string {
  return `${done} of ${total}: ${now}`
}

/** `[############                  ] 3/7 importing torch`. */
export function barOf({ done, total, now }: BuildProgress): string {
  const full = total === 0 ? 0 : Math.round((Math.min(done, total) / total) * barWidth)
  return `[${'#'.repeat(full).padEnd(barWidth)}] ${done}/${total} ${now}`
}
