import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { type RuntimeUnderTest, runtimeUnderTest } from '../support/runtime-client.ts'

const languages = [
  {
    kind: 'python:3',
    echo: 'def main(args):\n    return args',
    badJson: [400, 'Error unmarshaling request: '],
    notInitialized: [500, 'no action defined yet'],
    ok: '{"ok":true}\n',
  },
  {
    kind: 'nodejs:20',
    echo: 'function main(args) { return args }',
    badJson: [500, 'Bad request.'],
    notInitialized: [403, 'System not initialized.'],
    ok: '{"OK":true}',
  },
] as const

for (const { kind, ...words } of languages) {
  describe(`the ${kind} runtime on its socket`, () => {
    let runtime: RuntimeUnderTest
    beforeEach(async () => {
      runtime = await runtimeUnderTest(kind)
    })
    afterEach(() => runtime.stop())

    /** Sends bytes on a connection of their own and gives all that comes back until the runtime closes it. */
    async function raw(bytes: string): Promise<string> {
      const socket = connect(runtime.socketPath)
      await once(socket, 'connect')
      socket.write(bytes)
      const answer = await text(socket)
      socket.destroy()
      return answer
    }

    it('C1: answers a request made before it was up', async () => {
      expect((await runtime.init(words.echo)).status).to.equal(200)
    })

    it('C2: says the length of each answer and keeps the connection', async () => {
      const first = await runtime.init(words.echo)
      expect(first.headers['content-length']).to.equal(String(Buffer.byteLength(first.body)))
      const second = await runtime.run({ winter: '☃' })
      expect(second.headers['content-length']).to.equal(String(Buffer.byteLength(second.body)))
      expect(second.headers).not.to.have.property('transfer-encoding')
    })

    it('C2: serves a second connection while the first stays open', async () => {
      await runtime.init(words.echo)
      const socket = connect(runtime.socketPath)
      socket.write('POST /run HTTP/1.1\r\nContent-Length: 13\r\n\r\n{"value":{}}\n')
      const [answer] = (await once(socket, 'data')) as [Buffer]
      expect(answer.toString()).to.contain('200 OK').and.contain('{}')
      socket.destroy()
      expect((await runtime.run({ still: 'here' })).body).to.contain('here')
    })

    it('C2: answers requests that came in one piece, or byte by byte, in order', async () => {
      await runtime.init(words.echo)
      const requests = [1, 2, 3].map((n) => `POST /run HTTP/1.1\r\ncontent-length: 17\r\n\r\n{"value":{"n":${n}}}`)
      const socket = connect(runtime.socketPath).setEncoding('utf8')
      let answers = ''
      socket.on('data', (part: string) => {
        answers += part
      })
      const came = async (count: number): Promise<void> => {
        while (answers.split('HTTP/1.1 200').length <= count) await once(socket, 'data')
      }
      socket.write(requests.join(''))
      await came(3)
      for (const byte of requests[0] ?? '') await new Promise((sent) => socket.write(byte, sent))
      await came(4)
      socket.destroy()
      expect(answers.match(/\{.*\}/g)?.map((body) => JSON.parse(body).n)).to.deep.equal([1, 2, 3, 1])
    })

    it('C3: refuses what is no POST, no HTTP or has no length, and closes the connection', async () => {
      expect(await raw('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).to.match(/^HTTP\/1\.1 400 /)
      expect(await raw('nonsense\r\n\r\n')).to.match(/^HTTP\/1\.1 400 /)
      expect(await raw('POST /run HTTP/1.1\r\n\r\n')).to.match(/^HTTP\/1\.1 411 /)
      expect(await raw(`POST /run HTTP/1.1\r\n${'x'.repeat(17 * 1024)}`)).to.match(/^HTTP\/1\.1 400 /)
      expect(await raw('POST /init HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n')).to.match(/^HTTP\/1\.1 400 /)
      expect((await runtime.init(words.echo)).status).to.equal(200)
    })

    it('C3: lives on when a client leaves in the middle of a request', async () => {
      const socket = connect(runtime.socketPath)
      await once(socket, 'connect')
      await new Promise((sent) => socket.write('POST /run HTTP/1.1\r\nContent-Length: 100\r\n\r\n{"val', sent))
      socket.destroy()
      expect((await runtime.init(words.echo)).status).to.equal(200)
    })

    it('C4: refuses a body that is no JSON or nested too deep, and goes on', async () => {
      const [status, error] = words.badJson
      for (const body of ['{"value":', 'nonsense']) {
        const answer = await raw(
          `POST /run HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}GET / HTTP/1.1\r\n\r\n`,
        )
        expect(answer)
          .to.match(new RegExp(`^HTTP/1.1 ${status} `))
          .and.contain(error)
      }
      await runtime.init(words.echo)
      const depth = 200_000
      const body = `{"value":${'['.repeat(depth)}${']'.repeat(depth)}}`
      await raw(`POST /run HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}GET / HTTP/1.1\r\n\r\n`)
      expect(runtime.process.exitCode).to.equal(null)
    })

    it('C4: answers an unknown path with an error', async () => {
      expect((await runtime.post('/status', {})).status).to.be.at.least(400)
    })

    it('C5: says OK to good code', async () => {
      expect(await runtime.init(words.echo)).to.include({ status: 200, body: words.ok })
    })

    it('C6: refuses no code, and takes good code after it', async () => {
      for (const more of [{ code: '' }, { code: null }]) {
        const answer = await runtime.init('', more)
        expect(answer.status).to.equal(403)
        expect(JSON.parse(answer.body)).to.deep.equal({ error: 'Missing main/no code to execute.' })
      }
      expect((await runtime.post('/init', {})).status).to.equal(403)
      expect((await runtime.init(words.echo)).status).to.equal(200)
    })

    it('C7: refuses a second /init and keeps the first', async () => {
      await runtime.init(words.echo)
      const answer = await runtime.init(words.echo)
      expect(answer.status).to.equal(403)
      expect(JSON.parse(answer.body)).to.deep.equal({ error: 'Cannot initialize the action more than once.' })
      expect(JSON.parse((await runtime.run({ a: 1 })).body)).to.deep.equal({ a: 1 })
    })

    it('C15: refuses /run before /init', async () => {
      const [status, error] = words.notInitialized
      const answer = await runtime.run()
      expect(answer.status).to.equal(status)
      expect(JSON.parse(answer.body)).to.deep.equal({ error })
    })
  })
}
