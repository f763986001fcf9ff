import { expect } from 'chai'
import type { ActivationMessage } from '../../invoker/domain/activation-message.ts'
import { isJsonObject, type JsonObject } from '../../invoker/domain/json.ts'
import { type ActionAddress, Deployment } from '../support/a-deployment.ts'
import { aMessage } from '../support/a-message.ts'
import { isFreeing, type SeenAck, seenAck } from '../support/acks.ts'
import { answerable, unanswerable } from '../support/broken-messages.ts'
import { crash } from '../support/crash.ts'
import { type DropIn, forgetDropIn, startDropIn } from '../support/drop-in.ts'
import { eventually } from '../support/eventually.ts'
import { recorded } from '../support/recordings.ts'

describe('An invoker that is sent what it cannot run', () => {
  let deployment: Deployment
  let invoker: DropIn
  let hello: ActionAddress

  before(async function () {
    this.timeout(120_000)
    deployment = await Deployment.start()
    hello = await deployment.storeAction('hello', 'const main = ({ name }) => ({ greeting: "hi " + name })')
    invoker = await startDropIn(deployment)
  })
  after(async () => {
    await invoker?.stop()
    forgetDropIn(deployment)
    await deployment?.stop()
  })

  const acksOf = async (id: string): Promise<readonly SeenAck[]> =>
    (await deployment.read('completed0')).map(seenAck).filter(({ activationId }) => activationId === id)
  const ended = async (id: string): Promise<readonly SeenAck[]> => {
    await eventually(`the slot of ${id}`, async () => (await acksOf(id)).some(isFreeing))
    return acksOf(id)
  }
  /** Sees that it goes on. */
  const expectWorking = async (): Promise<void> => {
    const message = aMessage(hello)
    await deployment.send(message)
    const [result] = await ended(message.activationId)
    expect(result?.result).to.deep.equal({ greeting: 'hi Ada' })
  }
  const unreadable = async (): Promise<number> => {
    const line = /^counter_invoker_unreadableMessage_counter_total\{.*\} (\d+)$/m.exec(await invoker.metrics())
    return Number(line?.[1] ?? 0)
  }

  for (const [what, text] of Object.entries(unanswerable)) {
    it(`counts and passes over ${what}`, async () => {
      const before = { count: await unreadable(), acks: (await deployment.texts('completed0')).length }
      await deployment.send(text)
      await expectWorking()
      expect(await unreadable()).to.equal(before.count + 1)
      expect((await deployment.texts('completed0')).length, 'acks').to.equal(before.acks + 2)
    })
  }

  for (const rule of Object.keys(answerable(aMessage()))) {
    it(`frees the slot where ${rule}`, async () => {
      const message = aMessage(hello)
      await deployment.send(answerable(message)[rule] ?? '')
      const acks = await ended(message.activationId)
      expect(acks).to.deep.equal([
        {
          activationId: message.activationId,
          kind: 'combined',
          isSystemError: false,
          statusCode: undefined,
          result: undefined,
        },
      ])
      await expectWorking()
    })
  }

  it('commits them: the next start sees none of them again', async () => {
    await expectWorking()
    await invoker.stop()
    invoker = await startDropIn(deployment)
    await expectWorking()
    expect(await unreadable()).to.equal(0)
  })

  describe('because of its action', () => {
    /** Stores a document under a name, changed, and sends a message for it. */
    const activate = async (name: string, document?: JsonObject, more: Partial<ActivationMessage> = {}) => {
      const { _rev, ...fields } = document ?? {}
      if (document !== undefined) await deployment.store({ ...fields, _id: `guest/${name}`, name })
      const message = aMessage({ action: { path: 'guest', name, version: '0.0.7' }, ...more })
      await deployment.send(message)
      return message
    }
    const action = (changes: JsonObject): JsonObject => ({ ...recorded('couchdb/hello.json'), ...changes })

    const notFound = 'Action could not be found or may have been deleted.'
    const incompatible = 'Action version is not compatible and cannot be invoked.'
    const cases: readonly (readonly [string, JsonObject | undefined, number, string | RegExp])[] = [
      ['is missing', undefined, 1, notFound],
      ['is a package', recorded('couchdb/pkg.json'), 3, incompatible],
      ['is a trigger', recorded('couchdb/trg.json'), 3, incompatible],
      ['is something of somebody else', { hello: 'world' }, 3, incompatible],
      ['has no code', action({ exec: { kind: 'nodejs:20', binary: false } }), 3, incompatible],
      [
        'has a kind that nobody knows',
        action({ exec: { kind: 'cobol:85', code: '', binary: false } }),
        3,
        incompatible,
      ],
      ['is a sequence', recorded('couchdb/seq.json'), 3, 'Action could not be fetched.'],
      [
        'asks for more than its namespace may',
        action({ limits: { concurrency: 1, logs: 10, memory: 4096, timeout: 60_000 } }),
        1,
        /memory/i,
      ],
    ]

    for (const [n, [what, document, statusCode, text]] of cases.entries()) {
      it(`says so where it ${what}`, async () => {
        const { activationId } = await activate(`case${n}`, document)
        const acks = await ended(activationId)
        expect(acks.map(({ kind }) => kind)).to.deep.equal(['combined'])
        expect(acks[0]).to.include({ statusCode, isSystemError: statusCode === 3 })
        const error = errorOf(acks[0])
        if (typeof text === 'string') expect(error).to.equal(text)
        else expect(error).to.match(text)
        await eventually('the record', async () => (await deployment.record(activationId)) !== undefined)
        const record = await deployment.record(activationId)
        expect(record).to.deep.include({ name: `case${n}`, version: '0.0.7', duration: 0, logs: [] })
        expect(record?.annotations).to.deep.equal([
          { key: 'path', value: `guest/case${n}` },
          { key: 'kind', value: 'unknown' },
        ])
      })
    }

    it('names the image of a blackbox action as what is missing', async () => {
      const { activationId } = await activate('bb', recorded('couchdb/bb.json'))
      const [ack] = await ended(activationId)
      expect(ack).to.include({ kind: 'combined', statusCode: 2, isSystemError: false })
      expect(errorOf(ack)).to.include('openwhisk/dockerskeleton')
    })

    it('names a kind that the manifest has and this host has not', async () => {
      const document = action({ exec: { kind: 'swift:5.7', code: 'x', binary: false } })
      const { activationId } = await activate('swift', document, { blocking: false })
      const [ack] = await ended(activationId)
      expect(ack).to.include({ kind: 'combined', statusCode: undefined, isSystemError: false })
      await eventually('the record', async () => (await deployment.record(activationId)) !== undefined)
      const { response } = (await deployment.record(activationId)) as unknown as { response: JsonObject }
      expect(response.statusCode).to.equal(2)
      expect((response.result as JsonObject).error).to.include('swift:5.7')
    })

    it('goes on', expectWorking)
  })
})

/** The text that a controller is told. */
function errorOf(ack: SeenAck | undefined): unknown {
  return isJsonObject(ack?.result) ? ack.result.error : undefined
}

describe('What others put on the topic of the acks', () => {
  it('does not hinder the next invoker from finding its own', async () => {
    const noise = [...Object.values(unanswerable), '{"response":7}', '{"instance":{},"activationId":5}']
    const { activations } = await crash({ step: 'result-sent', noise })
    expect(activations[0]?.acks.map(({ kind }) => kind)).to.deep.equal(['result', 'completion'])
    expect(activations[0]?.record).to.have.nested.property('response.statusCode', 0)
  })
})
