/** What docker's JSON adds to the text of a line: names, quotes, a time of 30 characters, the record's newline. */
const FRAME_BYTES = '{"log":"","stream":"stdout","time":"2026-01-01T00:00:00.123456789Z"}\n'.length

/** Characters that docker writes as six: control characters, the three of HTML, and two line separators of Unicode. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const LONG = /[\u0000-\u0008\u000b\u000c\u000e-\u001f<>&\u2028\u2029]/g
const SHORT = /["\\\t\r]/g

/**
 * How many bytes docker's json-file log would hold for a line: OpenWhisk counts its log limit in those (protocol reference
 * 6.6, step 4). A partial line has no newline in its text.
 */
export function dockerLineBytes(text: string, isPartial: boolean): number {
  const escapes = (text.match(SHORT)?.length ?? 0) + longEscapes(text)
  return FRAME_BYTES + Buffer.byteLength(text) + escapes + (isPartial ? 0 : 2)
}

function longEscapes(text: string): number {
  let more = 0
  for (const found of text.match(LONG) ?? []) more += 6 - Buffer.byteLength(found)
  return more
}
