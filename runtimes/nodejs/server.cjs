'use strict'
// HTTP/1.1 on the control socket: as much of it as an invoker speaks, by hand, since every warm run pays for it.
const net = require('node:net')

const MAX_HEAD_BYTES = 16 * 1024
/** 48 MB of code in base64, and its envelope. */
const MAX_BODY_BYTES = 80 * 1024 * 1024
const CONTENT_LENGTH = /\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n/i
const REASONS = { 200: 'OK', 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 411: 'Length Required' }

/** One client: collects the bytes of a request, and answers before it looks at the next. */
class Connection {
  #socket
  #answer
  #chunks = []
  #received = 0
  /** Of the request whose body is still arriving. */
  #request
  #isBusy = false

  constructor(socket, answer) {
    this.#socket = socket
    this.#answer = answer
    socket.on('data', (chunk) => this.#take(chunk))
    // The client left; what it asked for has been done or can no longer be.
    socket.on('error', () => socket.destroy())
  }

  #take(chunk) {
    this.#chunks.push(chunk)
    this.#received += chunk.length
    if (!this.#isBusy) this.#next()
  }

  #next() {
    this.#request ??= this.#readHead()
    if (this.#request === undefined || this.#received < this.#request.end) return
    const { path, start, end } = this.#request
    const bytes = this.#joined()
    this.#chunks = bytes.length > end ? [bytes.subarray(end)] : []
    this.#received = bytes.length - end
    this.#request = undefined
    this.#isBusy = true
    this.#answer(path, bytes.toString('utf8', start, end), (status, body) => {
      this.#respond(status, body)
      this.#isBusy = false
      if (this.#received > 0) this.#next()
    })
  }

  /** Gives the path and where in the bytes the body lies, or undefined while the head has not arrived. */
  #readHead() {
    const bytes = this.#joined()
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

  #joined() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] ?? Buffer.alloc(0)
  }

  /** Answers what cannot be read; the connection is of no more use. */
  #refuse(status, error) {
    this.#isBusy = true
    this.#respond(status, JSON.stringify({ error }))
    this.#socket.end()
    return undefined
  }

  #respond(status, body) {
    const head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\nContent-Type: application/json\r\n`
    this.#socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
}

/** Serves any number of connections. `answer(path, text, respond)` calls `respond(status, text)` once. */
class Server {
  #server

  constructor(answer) {
    this.#server = net.createServer((socket) => new Connection(socket, answer))
  }

  listen(descriptor) {
    this.#server.listen({ fd: descriptor })
  }
}

module.exports = { Server }
