import { isJsonObject } from './json.ts'

/** Members of an object that nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * Reads JSON that a person wrote. What is wrong is collected in `problems`, as sentences that begin with the place, and
 * something harmless stands in for it, so that one reading finds every problem. The result is good only where there is none.
 */
export class JsonReader {
  readonly problems: string[] = []

  /** Notes a problem that only the caller can see. */
  note(place: string, problem: string): void {
    this.problems.push(`${place}: ${problem}`)
  }

  object(json: unknown, place: string): Fields {
    return isJsonObject(json) ? json : this.#wrong(json, { place, wanted: 'an object', instead: {} })
  }

  /** The elements, each with its place. */
  list(json: unknown, place: string): readonly (readonly [element: unknown, place: string])[] {
    const elements: readonly unknown[] = Array.isArray(json)
      ? json
      : this.#wrong(json, { place, wanted: 'an array', instead: [] })
    return elements.map((element, index) => [element, `${place}[${index}]`] as const)
  }

  text(json: unknown, place: string): string {
    return typeof json === 'string' && json.trim() !== ''
      ? json
      : this.#wrong(json, { place, wanted: 'a text', instead: '' })
  }

  /** Undefined where it is absent. */
  flag(json: unknown, place: string): boolean | undefined {
    if (json === undefined || typeof json === 'boolean') return json
    return this.#wrong(json, { place, wanted: 'true or false', instead: undefined })
  }

  count(json: unknown, place: string, min: number): number {
    return typeof json === 'number' && Number.isSafeInteger(json) && json >= min
      ? json
      : this.#wrong(json, { place, wanted: `a whole number of at least ${min}`, instead: min })
  }

  /** A number that is not below 0, such as a time. */
  amount(json: unknown, place: string): number {
    return typeof json === 'number' && Number.isFinite(json) && json >= 0
      ? json
      : this.#wrong(json, { place, wanted: 'a number of at least 0', instead: 0 })
  }

  /** A text that `parse` turns into a number or refuses with a SyntaxError. */
  measure(json: unknown, place: string, parse: (text: string) => number): number {
    if (typeof json !== 'string') return this.#wrong(json, { place, wanted: 'a text', instead: 0 })
    try {
      return parse(json)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      this.note(place, error.message)
      return 0
    }
  }

  #wrong<T>(json: unknown, at: { readonly place: string; readonly wanted: string; readonly instead: T }): T {
    const found = json === undefined ? 'is missing' : `is ${JSON.stringify(json).slice(0, 60)}`
    this.note(at.place, `${found}, expected ${at.wanted}`)
    return at.instead
  }
}
