'use strict'
// Starts the Node.js runtime: node main.cjs, with the listening socket as descriptor 3 (runtimes/CONTRACT.md).
// CommonJS throughout: it starts 4 ms sooner than the ES module loader.
const { ActionProxy } = require('./action-proxy.cjs')
const { Server } = require('./server.cjs')
const { Streams } = require('./streams.cjs')

const descriptor = Number(process.env.WARMWHISK_LISTEN_FD ?? '3')
delete process.env.WARMWHISK_LISTEN_FD
const streams = new Streams()
const runtime = { streams, proxy: new ActionProxy(streams) }
runtime.server = new Server((path, read, respond) => {
  if (path === '/run' || path === '/init') runtime.proxy.answer(path, read, respond)
  // Most runtimes are asked for nothing else: what answers it is loaded when that comes.
  else require('./requests.cjs').answer(runtime, { path, read, respond })
})
runtime.server.listen({ fd: descriptor })
