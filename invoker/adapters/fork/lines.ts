/** The longest line that is taken, in characters: names of some ten thousand modules. */
const LONGEST = 2 * 1024 * 1024

/** Cuts a stream of text into lines. @throws Error in `push` when a line has no end. */
export class Lines {
  #rest = ''

  /** Takes the next text; gives the lines that it completes, without their newlines. */
  push(text: string): string[] {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > LONGEST) throw new Error(`A line is longer than ${LONGEST} characters`)
    return lines
  }
}
