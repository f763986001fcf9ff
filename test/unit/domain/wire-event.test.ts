import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { WhiskActivation } from '../../../invoker/domain/activation.ts'
import { activationId } from '../../../invoker/domain/ids.ts'
import type { Json, JsonObject } from '../../../invoker/domain/json.ts'
import { writeActivationEvent } from '../../../invoker/domain/wire-event.ts'

const events = readFileSync(new URL('../../support/recorded/kafka/events.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((text) => JSON.parse(text) as JsonObject)
  .filter(({ eventType, source }) => eventType === 'Activation' && source === 'invoker0')

/** A record that the recorded event could have come from. */
function recordOf({ body, subject, namespace }: JsonObject): WhiskActivation {
  const {
    activationId: id,
    duration,
    initTime,
    kind,
    memory,
    name,
    size,
    statusCode,
    waitTime,
    causedBy,
  } = body as JsonObject
  return {
    activationId: activationId(String(id)),
    namespace: String(namespace),
    subject: String(subject),
    name: String(name).split('/').at(-1) ?? '',
    start: 0,
    end: Number(duration),
    duration: Number(duration),
    response: { statusCode: statusCode as 0, result: {}, ...(size !== undefined && { size: Number(size) }) },
    logs: [],
    version: '0.0.1',
    publish: false,
    annotations: [
      { key: 'path', value: name ?? null },
      { key: 'kind', value: kind ?? null },
      { key: 'limits', value: { memory: memory ?? null } },
      { key: 'waitTime', value: waitTime ?? null },
      ...(initTime === 0 ? [] : [{ key: 'initTime', value: initTime ?? null }]),
      ...(causedBy === undefined ? [] : [{ key: 'causedBy', value: causedBy }]),
    ],
  }
}

function originOf({ source, userId, timestamp }: JsonObject) {
  return { source: String(source), userId: String(userId), timestamp: Number(timestamp) }
}

const [event] = events as [JsonObject]
const record = recordOf(event)

function bodyWith(changes: Partial<WhiskActivation>): JsonObject {
  const text = writeActivationEvent({ ...record, ...changes }, originOf(event)) ?? '{}'
  return (JSON.parse(text) as { body: JsonObject }).body
}

describe('writeActivationEvent()', () => {
  for (const one of events) {
    it(`writes the recorded event of ${(one.body as JsonObject).name} with status ${(one.body as JsonObject).statusCode}`, () => {
      expect(JSON.parse(writeActivationEvent(recordOf(one), originOf(one)) ?? '')).to.deep.equal(one)
    })
  }

  const codes: readonly [Json, number | undefined][] = [
    [{ statusCode: 404 }, 404],
    [{ error: { statusCode: 418 }, statusCode: 200 }, 418],
    [{ statusCode: 'x' }, 400],
    [{ statusCode: 1.5 }, 400],
    [{ a: 1 }, undefined],
    [[1], undefined],
  ]
  for (const [result, code] of codes) {
    it(`takes ${code} from the result ${JSON.stringify(result)}`, () => {
      expect(bodyWith({ response: { statusCode: 0, result } }).userDefinedStatusCode).to.equal(code)
    })
  }

  it('says what caused it', () => {
    const annotations = [...record.annotations, { key: 'causedBy', value: 'sequence' }]
    expect(bodyWith({ annotations }).causedBy).to.equal('sequence')
  })

  it('says nothing of a record that lacks path or kind', () => {
    expect(writeActivationEvent({ ...record, annotations: [{ key: 'path', value: 'a/b' }] }, originOf(event))).to.equal(
      undefined,
    )
  })
})
