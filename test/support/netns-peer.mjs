// An action container's server as a foreign image would have it: node:http on TCP 8080, in the network namespace it is run in.
import { createServer } from 'node:http'

const answers = {
  chunked: (response) => response.write('{}') && response.end(),
  unhealthy: (response) => response.writeHead(503, { 'content-length': 2 }).end('{}'),
  silent: () => undefined,
  exit: () => process.exit(1),
}

createServer((request, response) => {
  let text = ''
  request.on('data', (part) => {
    text += part
  })
  request.on('end', () => {
    const { value } = JSON.parse(text)
    const answer = answers[value.how]
    if (answer !== undefined) return answer(response)
    const body = JSON.stringify({ path: request.url, connection: request.headers.connection, value })
    return response.writeHead(200, { 'content-length': Buffer.byteLength(body) }).end(body)
  })
}).listen(8080, '0.0.0.0', () => console.log('listening'))
