import { expect } from 'chai'
import { HttpCaller } from '../support/replay-call.ts'
import { withServer } from '../support/whole-server.ts'

describe('subjects of a running server', () => {
  it('can use the API with their key, within their limits, until they are blocked or removed', async () => {
    await withServer({}, async ({ url, user }) => {
      const caller = new HttpCaller(url)
      const [key = ''] = await user(['create', 'someone', '-ns', 'elsewhere'])
      const ask = async (method: string, path: string, body?: string): Promise<string> => {
        const headers = {
          authorization: `Basic ${Buffer.from(key).toString('base64')}`,
          'content-type': 'application/json',
        }
        const answer = await caller.call({ method, path: `/api/v1/namespaces${path}`, headers, body })
        return `${answer.status} ${answer.body.toString()}`
      }
      expect(await ask('GET', '')).to.equal('200 ["elsewhere"]')

      await user(['limits', 'set', 'elsewhere', '--invocationsPerMinute', '1', '--maxActionMemory', '128'])
      expect(await ask('GET', '/_/limits'))
        .to.contain('"invocationsPerMinute":1')
        .and.to.contain('"maxActionMemory":128')
      const action = '{"exec":{"kind":"nodejs:20","code":"x"},"limits":{"memory":256}}'
      expect(await ask('PUT', '/_/actions/a', action)).to.contain('exceeds allowed threshold of 128 MB')
      expect(await ask('POST', '/_/actions/a', '{}')).to.match(/^404/)
      expect(await ask('POST', '/_/actions/a', '{}')).to.match(/^429 /)

      await user(['block', 'someone'])
      expect(await ask('GET', '')).to.match(/^401 .*The supplied authentication is invalid/)
      await user(['unblock', 'someone'])
      expect(await ask('GET', '')).to.equal('200 ["elsewhere"]')
      await user(['delete', 'someone'])
      expect(await ask('GET', '')).to.match(/^401/)
      caller.close()
    })
  })
})
