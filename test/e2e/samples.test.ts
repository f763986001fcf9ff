import { expect } from 'chai'
import openwhisk, { type Client } from 'openwhisk'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { skip } from '../support/factories.ts'
import { resembles, type SampleAction, sampleActions, sampleFolders } from '../support/sample-actions.ts'
import { whyNoSample } from '../support/sample-needs.ts'
import { withServer } from '../support/whole-server.ts'

const isFunctionbench = (folder: string): boolean => folder.startsWith('functionbench/')
const folders = sampleFolders()
const suites = [
  { what: 'the sample actions', those: folders.filter((folder) => !isFunctionbench(folder)) },
  { what: 'the functions of functionbench', those: folders.filter(isFunctionbench) },
]

for (const { what, those } of suites) {
  describe(`${what}, through the openwhisk client of npm`, () => {
    it('give what their cases want', async function () {
      this.timeout(180_000)
      const why = those.map(whyNoSample).find((reason) => reason !== undefined)
      if (why !== undefined) skip(this, why)
      await withServer({ settings: { 'throttles.invocationsPerMinute': '1000' } }, async ({ url, guestKey }) => {
        const client = openwhisk({ apihost: url, api_key: guestKey })
        for (const sample of await sampleActions(those)) await check(client, sample)
      })
    })
  })
}

async function check({ actions }: Client, sample: SampleAction): Promise<void> {
  const { name, kind, code, binary, limits } = sample
  const action = binary ? Buffer.from(code, 'base64') : code
  await actions.create({ name, kind, action, limits })
  for (const one of sample.cases) {
    const { statusCode, result } = await invoke(actions, name, one.input)
    const shown = `${name} ${one.name}: ${statusCode} ${JSON.stringify(result).slice(0, 300)}`
    expect(resembles(result, one.output), shown).to.equal(true)
    expect(statusCode, shown).to.equal('error' in (one.output as JsonObject) ? 502 : 200)
  }
}

/** The result, which the client finds for itself in the activation, and leaves there where it is an error. */
async function invoke(
  actions: Client['actions'],
  name: string,
  params: JsonObject,
): Promise<{ readonly statusCode: number; readonly result: unknown }> {
  try {
    return { statusCode: 200, result: await actions.invoke({ name, params, blocking: true, result: true }) }
  } catch (error) {
    const refused = error as { statusCode: number; error: { response: { result: unknown } } }
    return { statusCode: refused.statusCode, result: refused.error.response.result }
  }
}
