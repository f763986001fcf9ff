import { expect } from 'chai'
import { skip } from '../support/factories.ts'
import { runtimeUnderTest } from '../support/runtime-client.ts'
import { resembles, type SampleAction, sampleActions, sampleFolders } from '../support/sample-actions.ts'
import { whyNoSample } from '../support/sample-needs.ts'

describe('resembles()', () => {
  it('tells what is other, missing or too much', () => {
    const wanted = { a: [{ $between: [0.9, 1] }, { $match: '^x' }], b: null }
    expect(resembles({ a: [1, 'xy'], b: null }, wanted)).to.equal(true)
    for (const other of [
      { a: [1, 'y'], b: null },
      { a: [1.1, 'xy'], b: null },
      { a: ['1', 'xy'], b: null },
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
  for (const folder of sampleFolders()) {
    it(`${folder} gives what its cases want`, async function () {
      const why = whyNoSample(folder)
      if (why !== undefined) skip(this, why)
      for (const sample of await sampleActions([folder])) await check(sample)
    })
  }
})

async function check({ name, kind, code, binary, cases }: SampleAction): Promise<void> {
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
