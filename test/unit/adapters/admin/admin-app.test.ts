import { expect } from 'chai'
import { adminApp, type InvokerSwitch } from '../../../../invoker/adapters/admin/admin-app.ts'
import { type AdminServer, listen } from '../../../../invoker/adapters/admin/admin-server.ts'

class FakeSwitch implements InvokerSwitch {
  isEnabled = true
  async enable(): Promise<void> {
    this.isEnabled = true
  }
  async disable(): Promise<void> {
    this.isEnabled = false
  }
}

const credentials = { username: 'invoker.user', password: 'pass:with:colons' }
const authorization = `Basic ${Buffer.from('invoker.user:pass:with:colons').toString('base64')}`

describe('adminApp()', () => {
  let server: AdminServer
  let invoker: FakeSwitch

  beforeEach(async () => {
    invoker = new FakeSwitch()
    const metrics = { contentType: 'text/plain; version=0.0.4', text: async () => 'up 1\n' }
    server = await listen(adminApp({ name: 'invoker0/0', credentials, invoker, metrics }), {
      host: '127.0.0.1',
      port: 0,
    })
  })

  afterEach(() => server.stop(AbortSignal.timeout(1000)))

  async function ask(method: string, path: string, headers: Record<string, string> = {}) {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method, headers })
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
  }

  it('answers /ping and /metrics without credentials', async () => {
    expect(await ask('GET', '/ping')).to.include({ status: 200, text: 'pong' })
    expect(await ask('GET', '/metrics')).to.include({ status: 200, text: 'up 1\n' })
  })

  it('switches the invoker off and on, and says when it was so already', async () => {
    const texts: string[] = []
    for (const path of ['/disable', '/disable', '/enable', '/enable']) {
      texts.push((await ask('POST', path, { authorization })).text)
    }
    expect(texts).to.deep.equal([
      'invoker0/0 is now disabled.',
      'invoker0/0 is already disabled.',
      'invoker0/0 is now enabled.',
      'invoker0/0 is already enabled.',
    ])
  })

  it('tells as plain text whether it is enabled', async () => {
    expect((await ask('GET', '/isEnabled', { authorization })).text).to.equal('{"enabled":true}')
    await invoker.disable()
    const answer = await ask('GET', '/isEnabled', { authorization })
    expect(answer.text).to.equal('{"enabled":false}')
    expect(answer.type).to.contain('text/plain')
  })

  it('answers 401 without the right credentials and switches nothing', async () => {
    const wrong = ['', 'Basic', 'Bearer x', `Basic ${Buffer.from('invoker.user:nope').toString('base64')}`]
    for (const header of wrong) {
      const answer = await ask('POST', '/disable', { authorization: header })
      expect(answer.status).to.equal(401)
      expect(JSON.parse(answer.text)).to.include({
        error: 'The resource requires authentication, which was not supplied with the request',
      })
    }
    expect(invoker.isEnabled).to.equal(true)
  })

  it('answers 401 to whatever else is asked, also with credentials', async () => {
    const asked = [
      ['GET', '/'],
      ['GET', '/ready'],
      ['GET', '/enable'],
      ['POST', '/ping'],
    ] as const
    for (const [method, path] of asked) expect((await ask(method, path, { authorization })).status).to.equal(401)
  })
})
