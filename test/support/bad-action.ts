import { expect } from 'chai'
import type { Json, JsonObject } from '../../invoker/domain/json.ts'
import { BadInputServer } from './bad-input-server.ts'

/** Something for each family of kinds; what is absent is not tried in that family. */
export type PerFamily<T> = Partial<Record<'nodejs' | 'python', T>>

/** An error, exactly or by a pattern, or a whole result. */
export type Wanted = string | RegExp | JsonObject

/** An action that does what it should not, and what its caller must see of it. */
export interface BadAction {
  readonly what: string
  /** The source, or a zip in base64. */
  readonly code: PerFamily<string | Promise<string>>
  readonly main?: string
  readonly limits?: JsonObject
  readonly status: 'success' | 'application error' | 'action developer error'
  readonly result: PerFamily<Wanted>
  /** What the logs must match: the lines without their times. */
  readonly logs?: PerFamily<RegExp>
}

const kinds = { nodejs: 'nodejs:20', python: 'python:3' } as const
const good = {
  nodejs: 'function main(p) { return { good: p.n } }',
  python: 'def main(args):\n    return {"good": args["n"]}',
} as const

/** The same for both families. */
export function both<T>(value: T): { readonly nodejs: T; readonly python: T } {
  return { nodejs: value, python: value }
}

/**
 * Tests of bad actions, all through one server: what the caller gets, what the record says, and that a good action runs afterwards.
 * That no container stays behind is seen by the check for leaks after each test.
 */
export function badActions(title: string, rows: readonly BadAction[]): void {
  describe(title, () => {
    let server: BadInputServer
    before(async () => {
      server = await BadInputServer.start()
    })
    after(() => server.stop())

    for (const row of rows) {
      for (const family of ['nodejs', 'python'] as const) {
        if (row.code[family] === undefined) continue
        it(`${kinds[family]}: ${row.what}`, () => check(server, row, family))
      }
    }
  })
}

async function check(server: BadInputServer, row: BadAction, family: 'nodejs' | 'python'): Promise<void> {
  const { main, limits = {}, status } = row
  const code = (await row.code[family]) ?? ''
  const kind = kinds[family]
  await server.put('bad', {
    exec: { kind, code, ...(main === undefined ? {} : { main }) },
    limits: { memory: 128, ...limits },
  })
  const { status: http, json } = await server.invoke('bad')
  const shown = JSON.stringify(json).slice(0, 600)
  expect(json.response, shown).to.include({ status, success: status === 'success' })
  expect(http).to.equal(status === 'success' ? 200 : 502)
  expectResult((json.response as JsonObject).result, row.result[family])

  const record = await server.record(json.activationId)
  expect(record.response).to.deep.equal(json.response)
  expectLogs(record.logs as string[], row.logs?.[family])

  await server.put('good', { exec: { kind, code: good[family] }, limits: { memory: 512 } })
  expect(await server.invoke('good', { n: 7 }))
    .to.have.nested.property('json.response.result')
    .that.deep.equals({ good: 7 })
}

function expectResult(result: Json | undefined, wanted: Wanted | undefined): void {
  if (wanted === undefined) return
  if (typeof wanted === 'string') expect(result).to.deep.equal({ error: wanted })
  else if (wanted instanceof RegExp) expect((result as JsonObject).error).to.match(wanted)
  else expect(result).to.deep.equal(wanted)
}

function expectLogs(logs: readonly string[], wanted: RegExp | undefined): void {
  if (wanted !== undefined) expect(logs.map((line) => line.slice(31)).join('\n')).to.match(wanted)
}
