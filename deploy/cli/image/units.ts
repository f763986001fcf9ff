import { MiB } from '../../../invoker/domain/size.ts'

/** `45.2 MB`; small ones with one digit, large ones with none. */
export function megabytes(bytes: number): string {
  const mb = bytes / MiB
  return `${mb < 100 ? mb.toFixed(1) : Math.round(mb)} MB`
}

/** `612 ms`, `2.3 s`, `4 min`. */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}

/** `4 min ago`. */
export function ago(then: number, now: number): string {
  const ms = Math.max(0, now - then)
  return ms < 1000 ? 'just now' : `${duration(ms)} ago`
}

/** An id as tables show it: its first 12 digits. */
export function shortId(id: string): string {
  return id.slice(0, 12)
}

/**
 * The names, as many as fit into a width, and how many more there are, `unshown` ones too: `numpy==1.24.2 pandas==1.5.3 and 4 more`.
 */
export function someOf(
  names: readonly string[],
  { width, unshown = 0 }: { readonly width: number; readonly unshown?: number },
): string {
  for (let shown = names.length; shown > 0; shown -= 1) {
    const more = names.length - shown + unshown
    const text = `${names.slice(0, shown).join(' ')}${more > 0 ? ` and ${more} more` : ''}`
    if (text.length <= width || shown === 1) return text
  }
  return ''
}
