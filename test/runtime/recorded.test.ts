import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect } from 'chai'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { runtimeUnderTest } from '../support/runtime-client.ts'

interface Recorded {
  readonly ip: string
  readonly url: string
  readonly body: JsonObject & { readonly value: JsonObject }
}

/** Requests of a real OpenWhisk invoker, each container's in the order that they came in. */
const recorded = readFileSync(resolve(import.meta.dirname, '../support/recorded/action-http.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Recorded => JSON.parse(line))

/** What user code of the recording makes of its arguments. */
function expected(code: unknown, value: JsonObject): unknown {
  if (String(code).includes('greeting')) return { greeting: `hi ${value.name}` }
  if (!String(code).includes('boom')) return value
  return { error: value.t ? 'An error has occurred: Error: boom' : 'nope' }
}

describe('the nodejs:20 runtime and what a real invoker sends', () => {
  for (const ip of new Set(recorded.map((one) => one.ip))) {
    it(`serves the container that was ${ip}`, async () => {
      const runtime = await runtimeUnderTest('nodejs:20')
      try {
        let code: unknown
        for (const { url, body } of recorded.filter((one) => one.ip === ip)) {
          const answer = await runtime.post(url, body)
          if (url === '/init') code = body.value.code
          else expect(JSON.parse(answer.body)).to.deep.equal(expected(code, body.value))
          if (url === '/init') expect(answer.status).to.equal(200)
        }
      } finally {
        await runtime.stop()
      }
    })
  }
})
