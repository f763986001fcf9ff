'use strict'
// HTTP/1.1 on the control socket: as much of it as an invoker speaks, by hand, since every warm run pays for it.
const net = require('node:net')

const MAX_HEAD_BYTES = 16 * 1024
/** 48 MB of code in base64, and its envelope. */
const MAX_BODY_BYTES = 80 * 1024 * 1024
const CONTENT_LENGTH = /\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n/i
const REASONS = { 200: 'OK', 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 411: 'Length Required' }

const NOTHING = Buffer.alloc(0)

/** One client: collects the bytes of a request, and answers before it looks at the next. */
class Connection {
  #socket
  #answer
  /** Bytes that no request has taken yet. */
  #rest = NOTHING
  /** A request whose body did not come in one piece with its head: `body` is filled as it arrives. */
  #long
  #isBusy = false

  constructor(socket, answer) {
    this.#socket = socket
    this.#answer = answer
    socket.on('data', (chunk) => this.#take(chunk))
    // The client left; what it asked for has been done or can no longer be.
    socket.on('error', () => socket.destroy())
  }

  #take(chunk) {
    if (this.#long !== undefined) this.#fill(chunk)
    else this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    if (!this.#isBusy) this.#next()
  }

  #next() {
    if (this.#long === undefined) {
      const head = this.#readHead()
      if (head === undefined) return
      if (head.end <= this.#rest.length) return this.#ask(head.path, () => this.#shortText(head))
      this.#long = { path: head.path, body: Buffer.allocUnsafeSlow(head.end - head.start), filled: 0 }
      this.#fill(this.#rest.subarray(head.start))
    }
    if (this.#long.filled === this.#long.body.length) this.#ask(this.#long.path, () => this.#longText())
  }

  #fill(chunk) {
    const copied = chunk.copy(this.#long.body, this.#long.filled)
    this.#long.filled += copied
    this.#rest = copied === chunk.length ? NOTHING : chunk.subarray(copied)
  }

  /** `read` gives the body once: it is the only one to hold it, since 48 MB of code should not be in memory twice. */
  #ask(path, read) {
    this.#isBusy = true
    this.#answer(path, read, (status, body) => {
      this.#respond(status, body)
      this.#isBusy = false
      if (this.#rest.length > 0) this.#next()
    })
  }

  #shortText({ start, end }) {
    const text = this.#rest.toString('utf8', start, end)
    this.#rest = this.#rest.length === end ? NOTHING : this.#rest.subarray(end)
    return text
  }

  #longText() {
    const { body } = this.#long
    this.#long = undefined
    return body.toString('utf8')
  }

  /** Gives the path and where in the bytes the body lies, or undefined while the head has not arrived. */
  #readHead() {
    const bytes = this.#rest
    const head = bytes.latin1Slice(0, Math.min(bytes.length, MAX_HEAD_BYTES))
    const end = head.indexOf('\r\n\r\n')
    if (end < 0)
      return head.length < MAX_HEAD_BYTES ? undefined : this.#refuse(400, 'The head of the request is too long.')
    const [method, path, version] = head.slice(0, head.indexOf('\r\n')).split(' ')
    if (method !== 'POST' || !version?.startsWith('HTTP/1.')) return this.#refuse(400, 'Bad request.')
    const found = CONTENT_LENGTH.exec(head.slice(0, end + 4))
    if (found === null) return this.#refuse(411, 'The request has no Content-Length.')
    const length = Number(found[1])
    if (length > MAX_BODY_BYTES) {
      return this.#refuse(400, `The request is longer than allowed: ${length} > ${MAX_BODY_BYTES} bytes.`)
    }
    return { path, start: end + 4, end: end + 4 + length }
  }

  /** Answers what cannot be read; the connection is of no more use. */
  #refuse(status, error) {
    this.#isBusy = true
    this.#respond(status, JSON.stringify({ error }))
    // What still comes is thrown away until the client has seen the end.
    this.#socket.removeAllListeners('data').resume().end()
    return undefined
  }

  #respond(status, body) {
    const head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\nContent-Type: application/json\r\n`
    this.#socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
}

/**
 * Serves any number of connections. `answer(path, read, respond)` reads the text of the body once and calls
 * `respond(status, text)` once.
 */
class Server {
  #server

  constructor(answer) {
    this.#server = net.createServer((socket) => new Connection(socket, answer))
  }

  /** Listens at what `net.Server.listen` takes; calls back when it does. */
  listen(options, done) {
    this.#server.listen(options, done)
  }

  /** Takes no more connections; calls back when those that are open have ended. It can listen again. */
  close(done) {
    this.#server.close(done)
  }
}

module.exports = { Server }
