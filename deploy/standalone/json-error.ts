/** The end of the text, as a character. */
const end = ''

/** Where a text stops being JSON, and what was expected there. In a half-written word the culprit comes after `at`. */
class Unexpected extends Error {
  readonly at: number
  readonly expected: string | undefined
  readonly culprit: number

  constructor(at: number, expected: string | undefined, culprit = at) {
    super()
    this.at = at
    this.expected = expected
    this.culprit = culprit
  }
}

/** What is wrong with a text that is no JSON, in the words and with the pointer of OpenWhisk's parser (protocol reference 8.1). */
export function explainJsonError(text: string): string {
  const { at, expected, culprit } = firstError(text)
  const before = text.slice(0, at)
  const lineStart = before.lastIndexOf('\n') + 1
  const lineEnd = text.indexOf('\n', at)
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd)
  const column = at - lineStart + 1
  const lineNumber = before.split('\n').length
  const found = culprit >= text.length ? 'end-of-input' : `character '${printable(text.charAt(culprit))}'`
  const wanted = expected === undefined ? '' : `, expected ${expected}`
  const summary = `Unexpected ${found} at input index ${at} (line ${lineNumber}, position ${column})${wanted}`
  return `${summary}:\n${line.replace(control, '?')}\n${' '.repeat(column - 1)}^\n`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/g

function printable(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x20 || (code >= 0x7f && code < 0xa0) ? `\\u${code.toString(16).padStart(4, '0')}` : character
}

function firstError(text: string): Unexpected {
  try {
    new Scanner(text).scan()
  } catch (error) {
    if (error instanceof Unexpected) return error
    throw error
  }
  // The scanner accepts what JSON.parse refused: point at the end.
  return new Unexpected(text.length, undefined)
}

/** A JSON scanner without values. Nesting is a list, so that no depth exhausts the stack. */
class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  scan(): void {
    const closers: string[] = []
    this.#space()
    for (;;) {
      if (this.#opens(closers)) continue
      while (closers.length > 0 && !this.#separates(closers)) closers.pop()
      if (closers.length === 0) break
    }
    if (this.#at < this.#text.length) throw new Unexpected(this.#at, undefined)
  }

  /** Reads the start of a value: true where it is the first element of something, false where the value is complete. */
  #opens(closers: string[]): boolean {
    const opener = this.#peek()
    if (opener !== '{' && opener !== '[') {
      this.#scalar(opener)
      return false
    }
    const closer = opener === '{' ? '}' : ']'
    this.#at += 1
    this.#space()
    if (this.#peek() === closer) {
      this.#at += 1
      this.#space()
      return false
    }
    closers.push(closer)
    if (closer === '}') this.#key()
    return true
  }

  /** After a value: true where a comma announces another, false where the closer came. */
  #separates(closers: readonly string[]): boolean {
    const closer = closers.at(-1) ?? end
    if (this.#peek() === ',') {
      this.#at += 1
      this.#space()
      if (closer === '}') this.#key()
      return true
    }
    this.#expect(closer)
    this.#space()
    return false
  }

  #key(): void {
    this.#string()
    this.#expect(':')
    this.#space()
  }

  #scalar(first: string): void {
    if (first === '"') this.#string()
    else if (first === '-' || isDigit(first)) this.#number()
    else this.#word({ t: 'true', f: 'false', n: 'null' }[first])
  }

  #word(word: string | undefined): void {
    if (word === undefined) throw new Unexpected(this.#at, 'JSON Value')
    const start = this.#at
    for (const letter of word) {
      if (this.#peek() !== letter) throw new Unexpected(start, 'JSON Value', this.#at)
      this.#at += 1
    }
    this.#space()
  }

  #string(): void {
    this.#expect('"')
    for (let next = this.#peek(); next !== '"'; next = this.#peek()) {
      if (next === end || next < ' ') throw new Unexpected(this.#at, `'"'`)
      this.#at += 1
      if (next === '\\') this.#escape()
    }
    this.#at += 1
    this.#space()
  }

  #escape(): void {
    const kind = this.#peek()
    if (!'"\\/bfnrtu'.includes(kind) || kind === end) throw new Unexpected(this.#at, 'JSON escape sequence')
    this.#at += 1
    for (let digits = kind === 'u' ? 4 : 0; digits > 0; digits -= 1) {
      if (!/^[0-9a-f]$/i.test(this.#peek())) throw new Unexpected(this.#at, 'hex digit')
      this.#at += 1
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.#at += 1
    if (this.#peek() === '0') this.#at += 1
    else this.#digits()
    if (this.#peek() === '.') {
      this.#at += 1
      this.#digits()
    }
    if (this.#peek().toLowerCase() === 'e') {
      this.#at += 1
      if ('+-'.includes(this.#peek()) && this.#peek() !== end) this.#at += 1
      this.#digits()
    }
    this.#space()
  }

  #digits(): void {
    if (!isDigit(this.#peek())) throw new Unexpected(this.#at, 'DIGIT')
    while (isDigit(this.#peek())) this.#at += 1
  }

  #expect(character: string): void {
    if (this.#peek() !== character) throw new Unexpected(this.#at, `'${character}'`)
    this.#at += 1
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#peek()) && this.#peek() !== end) this.#at += 1
  }

  #peek(): string {
    return this.#text.charAt(this.#at)
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character !== end
}
