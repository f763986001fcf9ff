import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get, type RequestListener } from 'node:http'
import { get as getSecurely } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { listen } from '../../../../invoker/adapters/admin/admin-server.ts'
import { deferred } from '../../../../invoker/lib/deferred.ts'

const pong: RequestListener = (_request, response) => response.end('pong')

describe('AdminServer', () => {
  it('lets a running request end when it stops', async () => {
    const arrived = deferred()
    const release = deferred()
    const slow: RequestListener = async (_request, response) => {
      arrived.resolve()
      await release.promise
      response.end('done')
    }
    const server = await listen(slow, { host: '127.0.0.1', port: 0 })
    const answer = fetch(`http://127.0.0.1:${server.port}/`)
    await arrived.promise
    const stopped = server.stop(new AbortController().signal)
    release.resolve()
    expect(await (await answer).text()).to.equal('done')
    await stopped
  })

  it('cuts off what is left when the time is over', async () => {
    const arrived = deferred()
    const server = await listen(() => arrived.resolve(), { host: '127.0.0.1', port: 0 })
    const request = get({ host: '127.0.0.1', port: server.port })
    const cut = once(request, 'error')
    await arrived.promise
    await server.stop(AbortSignal.abort())
    expect(String(await cut)).to.contain('socket hang up')
  })

  it('says when its port is taken', async () => {
    const server = await listen(pong, { host: '127.0.0.1', port: 0 })
    try {
      await listen(pong, { host: '127.0.0.1', port: server.port })
      expect.fail('it listened twice')
    } catch (error) {
      expect(error).to.include({ code: 'EADDRINUSE' })
    } finally {
      await server.stop(AbortSignal.timeout(1000))
    }
  })

  it('speaks https with the key of a PKCS12 file, as OpenWhisk keeps it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'admin-'))
    const [key, certificate, keystorePath] = ['key.pem', 'cert.pem', 'store.p12'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
    const subject = ['-subj', '/CN=localhost', '-days', '2']
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject)
    openssl('pkcs12', '-export', '-inkey', key, '-in', certificate, '-out', keystorePath, '-passout', 'pass:secret')
    const tls = { keystorePath, passphrase: 'secret', clientAuth: false }
    const server = await listen(pong, { host: '127.0.0.1', port: 0, tls })
    const request = getSecurely({ host: 'localhost', port: server.port, ca: readFileSync(certificate), family: 4 })
    const [response] = await once(request, 'response')
    expect(await text(response)).to.equal('pong')
    await server.stop(AbortSignal.timeout(1000))
    rmSync(folder, { recursive: true })
  })
})
