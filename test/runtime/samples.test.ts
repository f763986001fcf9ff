import { expect } from 'chai'
import { runtimeUnderTest } from '../support/runtime-client.ts'
import { resembles, sampleActions } from '../support/sample-actions.ts'

describe('resembles()', () => {
  it('tells what is other, missing or too much', () => {
    const wanted = { a: [1, { $match: '^x' }], b: null }
    expect(resembles({ a: [1, 'xy'], b: null }, wanted)).to.equal(true)
    for (const other of [
      { a: [1, 'y'], b: null },
      { a: [1], b: null },
      { a: [1, 'x'] },
      { a: [1, 'x'], b: null, c: 1 },
      7,
    ]) {
      expect(resembles(other, wanted), JSON.stringify(other)).to.equal(false)
    }
  })
})

describe('the sample actions, in their runtimes', () => {
  it('give what their cases want', async function () {
    this.timeout(120_000)
    const actions = await sampleActions()
    expect(actions.map(({ name }) => name)).to.include.members([
      'hello-python',
      'hello-nodejs',
      'thumbnail-python',
      'word-count-python',
      'word-count-nodejs',
      'schema-check-nodejs',
    ])
    for (const { name, kind, code, binary, cases } of actions) {
      const runtime = await runtimeUnderTest(kind)
      try {
        const begun = await runtime.init(code, { binary })
        expect(begun.status, `${name}: ${begun.body} ${runtime.printed.stderr}`).to.equal(200)
        for (const { name: what, input, output } of cases) {
          const result: unknown = JSON.parse((await runtime.run(input)).body)
          expect(resembles(result, output), `${name} ${what}: ${JSON.stringify(result)}`).to.equal(true)
        }
      } finally {
        await runtime.stop()
      }
    }
  })
})
