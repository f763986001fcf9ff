import { expect } from 'chai'
import openwhisk, { type Client } from 'openwhisk'
import { zipBytes } from '../support/a-zip.ts'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { withServer } from '../support/whole-server.ts'

/** pandas loads six by itself. */
const uses = 'import pandas, six\ndef main(args):\n    return {"pandas": pandas.__file__, "six": six.__file__}\n'
/** As good as the one of the system, and another. */
const ownSix = 'exec(compile(open("/usr/lib/python3/dist-packages/six.py").read(), __file__, "exec"))\n'

describe('an action that brings a package along', () => {
  it('gets its own, although an image of another is live and serves others', async function () {
    this.timeout(120_000)
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    await withServer({}, async ({ url, guestKey }) => {
      const client = openwhisk({ apihost: url, api_key: guestKey })
      let tries = 0
      await eventually(
        'pandas comes from an image',
        async () => {
          tries += 1
          const { start, result } = await firstRun(client, `shared${tries}`, `${uses}# ${tries}\n`)
          expect(result.six).to.match(/^\/usr\//)
          return start === 'restored' || start === 'warm-stem-cell'
        },
        60_000,
      )
      const archive = await zipBytes({ '__main__.py': uses, 'six.py': ownSix })
      const { result } = await firstRun(client, 'own', archive)
      expect(result.pandas).to.match(/^\/usr\//)
      expect(result.six).to.match(/\/action\/six\.py$/)
    })
  })
})

async function firstRun(
  client: Client,
  name: string,
  action: string | Buffer,
): Promise<{ readonly start: unknown; readonly result: Readonly<Record<string, unknown>> }> {
  await client.actions.create({ name, kind: 'python:3', action })
  const { annotations = [], response } = await client.actions.invoke({ name, blocking: true })
  const said = annotations.find(({ key }) => key === 'warmwhisk')?.value as { readonly start?: string } | undefined
  return { start: said?.start, result: response?.result as Readonly<Record<string, unknown>> }
}
