import { expect } from 'chai'
import openwhisk, { type Activation, type Client } from 'openwhisk'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { resembles, type SampleAction, sampleActions, sampleFolders } from '../support/sample-actions.ts'
import { whyNoSample } from '../support/sample-needs.ts'
import { withServer } from '../support/whole-server.ts'

/** How an activation started, as its annotation says, and what came of it. */
interface Outcome {
  readonly start: string
  readonly result: unknown
}

describe('the functions of functionbench, once images of what they import are live', () => {
  it('start from them, although nobody has seen their code, and give what their cases want', async function () {
    this.timeout(300_000)
    const folders = sampleFolders().filter((folder) => folder.startsWith('functionbench/'))
    const why = whyNoRunc() ?? folders.map(whyNoSample).find((reason) => reason !== undefined)
    if (why !== undefined) skip(this, why)
    await withServer({ settings: { 'throttles.invocationsPerMinute': '10000' } }, async ({ url, guestKey }) => {
      const client = openwhisk({ apihost: url, api_key: guestKey })
      const samples = await sampleActions(folders)
      for (const sample of samples) await firstRun(client, sample, 'known')
      for (const sample of samples.filter(hasImage)) await fromImage(client, sample)
    })
  })
})

/** A kind that cannot fork has no image of the bare runtime: this function imports nothing, and starts as ever. */
function hasImage({ name }: SampleAction): boolean {
  return name !== 'render-template-nodejs'
}

/** Waits until code of its kind that was never seen starts from an image, and checks its cases in that container. */
async function fromImage(client: Client, sample: SampleAction): Promise<void> {
  let tries = 0
  await eventually(
    `${sample.name} starts from an image`,
    async () => {
      tries += 1
      const { start, result } = await firstRun(client, sample, `fresh${tries}`)
      expect(resembles(result, sample.cases[0]?.output ?? null), `${start}: ${JSON.stringify(result)}`).to.equal(true)
      return start === 'restored' || start === 'warm-stem-cell'
    },
    60_000,
  )
  for (const { name, input, output } of sample.cases) {
    const { start, result } = await run(client, `${sample.name}-fresh${tries}`, input)
    expect(start, name).to.equal('')
    expect(resembles(result, output), `${sample.name} ${name}: ${JSON.stringify(result)}`).to.equal(true)
  }
}

async function firstRun(client: Client, sample: SampleAction, unique: string): Promise<Outcome> {
  const { kind, limits } = sample
  const name = `${sample.name}-${unique}`
  await client.actions.create({ name, kind, limits, action: changed(sample, unique) })
  return await run(client, name, sample.cases[0]?.input ?? {})
}

/** The same code with another digest: a comment at its end. */
function changed({ kind, code, binary }: SampleAction, unique: string): string | Buffer {
  if (!binary) return `${code}\n${kind.startsWith('python') ? '#' : '//'} ${unique}\n`
  const zip = Buffer.from(code, 'base64')
  zip.writeUInt16LE(unique.length, zip.length - 2)
  return Buffer.concat([zip, Buffer.from(unique)])
}

async function run(client: Client, name: string, params: JsonObject): Promise<Outcome> {
  const { annotations = [], response } = await client.actions.invoke({ name, params, blocking: true }).catch(failedOne)
  const said = annotations.find(({ key }) => key === 'warmwhisk')?.value as { readonly start?: string } | undefined
  return { start: said?.start ?? '', result: response?.result }
}

/** An action's own error is an activation too. */
function failedOne(error: { readonly error?: Activation<JsonObject> }): Activation<JsonObject> {
  if (error.error === undefined) throw error
  return error.error
}
