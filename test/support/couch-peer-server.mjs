/**
 * A CouchDB HTTP peer: express-pouchdb over a store in memory, as an HTTP server of its own (mounted in another Express it
 * answers wrongly). Prints its port, ends when its standard input does. Argument: the port, or 0.
 */
import { createServer } from 'node:http'
import expressPouchdb from 'express-pouchdb'
import PouchDB from 'pouchdb'
import memory from 'pouchdb-adapter-memory'

PouchDB.plugin(memory)
const answer = expressPouchdb(PouchDB.defaults({ adapter: 'memory' }), {
  mode: 'minimumForPouchDB',
  overrideMode: { exclude: ['compression'] },
})

const server = createServer((request, response) => {
  // CouchDB reads a plus in a path as a space; Express does not.
  const [path, ...query] = request.url.split('?')
  request.url = [path.replaceAll('+', '%20'), ...query].join('?')
  answer(request, response)
})
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit(0))
