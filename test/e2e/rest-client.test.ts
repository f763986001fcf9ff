import { expect } from 'chai'
import openwhisk, { type Client } from 'openwhisk'
import { aZip } from '../support/a-zip.ts'
import { eventually } from '../support/eventually.ts'
import { withServer } from '../support/whole-server.ts'

/** What the client rejects with. */
interface Refused {
  readonly statusCode: number
  readonly message: string
}

async function refused(work: Promise<unknown>): Promise<Refused> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error as Refused,
  )
  if (outcome === undefined) throw new Error('Nothing was refused')
  return outcome
}

describe('the openwhisk client of npm', () => {
  it('makes, runs, lists and removes actions, and reads activations', async function () {
    this.timeout(120_000)
    await withServer({ settings: { 'throttles.invocationsPerMinute': '1000' } }, async ({ url, guestKey }) => {
      const client = openwhisk({ apihost: url, api_key: guestKey })
      await runsSource(client)
      await runsZip(client)
      await readsActivations(client)
      await seesErrors(client)
      await removes(client)
    })
  })
})

async function runsSource({ actions }: Client): Promise<void> {
  const action = 'function main({ name }) { console.log("for", name); return { greeting: "hello " + name } }'
  await actions.create({ name: 'hello', action, params: { name: 'nobody' } })
  expect(await actions.invoke({ name: 'hello', blocking: true, result: true })).to.deep.equal({
    greeting: 'hello nobody',
  })
  const whole = await actions.invoke({ name: 'hello', blocking: true, params: { name: 'you' } })
  expect(whole.response?.result).to.deep.equal({ greeting: 'hello you' })
  expect(await actions.invoke({ name: 'hello' })).to.have.property('activationId')
  await actions.create({ name: 'py', kind: 'python:3', action: 'def main(args):\n  return {"n": args["n"] + 1}' })
  expect(await actions.invoke({ name: 'py', blocking: true, result: true, params: { n: 1 } })).to.deep.equal({ n: 2 })
}

async function runsZip({ actions }: Client): Promise<void> {
  const files = {
    'package.json': '{"main":"start.js"}',
    'start.js': 'const { twice } = require("./lib.js"); exports.main = async ({ n }) => ({ n: twice(n) })',
    'lib.js': 'exports.twice = (n) => n * 2',
  }
  await actions.create({ name: 'zip', action: Buffer.from(await aZip(files), 'base64') })
  expect(await actions.invoke({ name: 'zip', blocking: true, result: true, params: { n: 4 } })).to.deep.equal({ n: 8 })
  const { exec } = await actions.get({ name: 'zip' })
  expect(exec).to.include({ binary: true })
}

async function readsActivations({ actions, activations }: Client): Promise<void> {
  expect((await actions.list()).map(({ name }) => name)).to.have.members(['zip', 'py', 'hello'])
  await eventually('every activation to be stored', async () => (await activations.list()).length === 5)
  const [newest] = await activations.list({ limit: 1 })
  const id = newest?.activationId ?? ''
  expect(await activations.result({ name: id })).to.deep.include({ success: true, result: { n: 8 } })
  const ofHello = await activations.list({ name: 'hello' } as object)
  const { logs } = await activations.get({ name: ofHello.at(-1)?.activationId ?? '' })
  expect(logs?.join()).to.match(/stdout: for nobody$/)
}

async function seesErrors({ actions, packages }: Client): Promise<void> {
  expect(await refused(actions.get({ name: 'none' }))).to.have.property('statusCode', 404)
  expect(await refused(actions.create({ name: 'hello', action: 'x' }))).to.have.property('statusCode', 409)
  const { statusCode, message } = await refused(packages.get({ name: 'p' }))
  expect(statusCode).to.equal(501)
  expect(message).to.contain('Cannot serve packages')
  await actions.create({ name: 'bad', action: 'function main() { throw new Error("no") }' })
  const failed = await refused(actions.invoke({ name: 'bad', blocking: true, result: true }))
  expect(failed.statusCode).to.equal(502)
  expect(failed.message).to.contain('An error has occurred')
}

async function removes({ actions }: Client): Promise<void> {
  for (const { name } of await actions.list()) await actions.delete(name ?? '')
  expect(await actions.list()).to.deep.equal([])
}
