import { expect } from 'chai'
import { classifyInit, classifyRun, suggestsOutOfMemory, type Verdict } from '../../../invoker/activation/classify.ts'
import type { ActivationResponse } from '../../../invoker/domain/response.ts'
import type { Exchange } from '../../../invoker/ports/action-client.ts'

const limitMs = 1_000
const usual = {
  timeoutMs: limitMs,
  mayReschedule: true,
  isReused: false,
  canStartOtherwise: false,
  isOutOfMemory: false,
}

const body = (text: string, statusCode = 200, elapsedMs = 5): Exchange => ({
  kind: 'answered',
  statusCode,
  body: text,
  elapsedMs,
})
const truncated = (statusCode: number): Exchange => ({
  kind: 'truncated',
  statusCode,
  body: 'abc',
  length: 2_000,
  maxBytes: 1_000,
  elapsedMs: 5,
})
const broken: Exchange = { kind: 'no-response', elapsedMs: 5 }
const refused: Exchange = { kind: 'refused', elapsedMs: 5 }
const timeout: Exchange = { kind: 'timeout', elapsedMs: limitMs }
const response = (statusCode: 0 | 1 | 2 | 3, result: unknown, size?: number): ActivationResponse =>
  ({ statusCode, result, ...(size !== undefined && { size }) }) as ActivationResponse
const failed = (statusCode: 1 | 2, error: unknown, size?: number) => response(statusCode, { error }, size)

const tooLong =
  'The action produced a response that exceeded the allowed length: 2000 > 1000 bytes. The truncated response was: abc'
const invalidInit = (text: string) => `The action failed during initialization${text === '' ? '.' : `: ${text}`}`
const invalidRun = (text: string) =>
  `The action did not produce a valid JSON or JSON Array response${text === '' ? '.' : `: ${text}`}`
const deep = `{"a":${'['.repeat(1_100)}${']'.repeat(1_100)}}`

/** What a verdict comes to. */
function told(verdict: Verdict): unknown {
  return verdict.kind === 'answered' ? verdict.response : verdict.kind
}

describe('classifyInit()', () => {
  const rows: readonly [string, Exchange, Partial<typeof usual>, unknown][] = [
    ['200', body('{"ok":true}'), {}, 'accepted'],
    ['200, however late', body('{}', 200, limitMs + 1), {}, 'accepted'],
    ['503', body('', 503), {}, 'reschedule'],
    ['503, moved too often', body('', 503), { mayReschedule: false }, failed(2, invalidInit(''), 0)],
    [
      'an error late',
      body('{"error":"x"}', 502, limitMs),
      {},
      failed(2, 'The action exceeded its time limits of 1000 milliseconds during initialization.'),
    ],
    [
      'a timeout',
      timeout,
      {},
      failed(2, 'The action exceeded its time limits of 1000 milliseconds during initialization.'),
    ],
    ['an error that is text', body('{"error":"no code"}', 403), {}, failed(2, 'no code', 19)],
    ['an error that is an object', body('{"error":{"a":1}}', 502), {}, failed(2, { a: 1 }, 17)],
    ['an error that is null', body('{"error":null}', 502), {}, failed(2, null, 14)],
    ['an object without an error', body('{"a":1}', 502), {}, failed(2, invalidInit('{"a":1}'), 7)],
    ['an array', body('[1]', 502), {}, failed(2, invalidInit('[1]'), 3)],
    ['what is no JSON', body('oops', 502), {}, failed(2, invalidInit('oops'), 4)],
    ['nothing', body('', 502), {}, failed(2, invalidInit(''), 0)],
    ['too long an answer', truncated(200), {}, failed(2, tooLong, 2_000)],
    ['no response', broken, {}, failed(2, 'The action did not initialize and exited unexpectedly.')],
    [
      'no response for lack of memory',
      broken,
      { isOutOfMemory: true },
      failed(2, 'The action exhausted its memory and was aborted.'),
    ],
    ['a refused connection', refused, {}, failed(2, 'The action did not initialize and exited unexpectedly.')],
    ['a refused connection where a next way may do', refused, { canStartOtherwise: true }, 'reschedule'],
    [
      'a refused connection where a next way may do, too late',
      { ...refused, elapsedMs: limitMs },
      { canStartOtherwise: true },
      failed(2, 'The action exceeded its time limits of 1000 milliseconds during initialization.'),
    ],
  ]
  for (const [what, exchange, at, wanted] of rows) {
    it(`judges ${what}`, () => expect(told(classifyInit(exchange, { ...usual, ...at }))).to.deep.equal(wanted))
  }
})

describe('classifyRun()', () => {
  const rows: readonly [string, Exchange, Partial<typeof usual>, unknown][] = [
    ['503', body('', 503), {}, 'reschedule'],
    ['503, moved too often', body('', 503), { mayReschedule: false }, failed(2, invalidRun(''), 0)],
    [
      'a valid answer that came late',
      body('{"a":1}', 200, limitMs),
      {},
      failed(2, 'The action exceeded its time limits of 1000 milliseconds.'),
    ],
    ['a timeout', timeout, {}, failed(2, 'The action exceeded its time limits of 1000 milliseconds.')],
    ['an object', body('{"a":1}'), {}, response(0, { a: 1 }, 7)],
    ['an object with an error: only that is left', body('{"error":"no","a":1}'), {}, failed(1, 'no', 20)],
    ['an error that is null', body('{"error":null}'), {}, failed(1, null, 14)],
    ['an array', body('[1,2]'), {}, response(0, [1, 2], 5)],
    ['a number', body('5'), {}, failed(2, invalidRun('5'), 1)],
    ['a text', body('"x"'), {}, failed(2, invalidRun('"x"'), 3)],
    ['null', body('null'), {}, failed(2, invalidRun('null'), 4)],
    ['what is no JSON', body('oops'), {}, failed(2, invalidRun('oops'), 4)],
    ['NaN', body('{"a":NaN}'), {}, failed(2, invalidRun('{"a":NaN}'), 9)],
    ['nothing', body(''), {}, failed(2, invalidRun(''), 0)],
    ['what nests deeper than OpenWhisk reads', body(deep), {}, failed(2, invalidRun(deep), deep.length)],
    ['an object with an error and another status', body('{"error":"x"}', 502), {}, failed(2, 'x', 13)],
    ['an object without an error and another status', body('{"a":1}', 502), {}, failed(2, invalidRun('{"a":1}'), 7)],
    ['an array and another status', body('[1]', 502), {}, failed(2, invalidRun('[1]'), 3)],
    ['too long an answer', truncated(200), {}, failed(1, tooLong, 2_000)],
    ['too long an answer with another status', truncated(502), {}, failed(1, tooLong, 2_000)],
    ['no response', broken, {}, failed(2, 'The action did not produce a valid response and exited unexpectedly.')],
    [
      'no response for lack of memory',
      broken,
      { isOutOfMemory: true },
      failed(2, 'The action exhausted its memory and was aborted.'),
    ],
    ['a connection refused by a reused container', refused, { isReused: true }, 'reschedule'],
    [
      'a connection refused by a fresh container',
      refused,
      {},
      failed(2, 'The action did not produce a valid response and exited unexpectedly.'),
    ],
    ['a size in UTF-16 units', body('{"a":"😀"}'), {}, response(0, { a: '😀' }, 10)],
  ]
  for (const [what, exchange, at, wanted] of rows) {
    it(`judges ${what}`, () => expect(told(classifyRun(exchange, { ...usual, ...at }))).to.deep.equal(wanted))
  }

  it('marks timeouts, and nothing else', () => {
    expect(classifyRun(timeout, usual)).to.include({ isTimeout: true })
    expect(classifyRun(broken, usual)).to.include({ isTimeout: false })
  })
})

describe('suggestsOutOfMemory()', () => {
  it('asks only when the connection broke within the time', () => {
    const late: Exchange = { kind: 'no-response', elapsedMs: limitMs }
    expect([broken, late, refused, timeout, body('{}')].map((one) => suggestsOutOfMemory(one, limitMs))).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})
