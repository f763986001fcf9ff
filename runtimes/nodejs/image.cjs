'use strict'
// Becoming an image: packages are loaded, then the process is left as a copy of it should begin.
const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const { performance } = require('node:perf_hooks')
const { pathToFileURL } = require('node:url')
const v8 = require('node:v8')
const vm = require('node:vm')
const { packageOf } = require('./packages.cjs')
const random = require('./random.cjs')

/** Where the process listens while it is checkpointed: an address that belongs to the network namespace and is no file. */
const ADDRESS = '\0warmwhisk'

/** What may come next. User code never runs in a process that left `fresh`, but in copies: there, `awake` is as good as fresh. */
const after = { fresh: ['loading', 'parked'], loading: ['loading', 'parked'], parked: ['awake'], awake: [] }
let phase = 'fresh'

function enter(next) {
  if (!after[phase].includes(next)) throw new Error(`Cannot move from "${phase}" to "${next}"`)
  phase = next
}

/** Loads a package as user code would, which lies in the working directory. Gives what that took. */
async function preload(module) {
  if (phase === 'fresh') random.borrow()
  enter('loading')
  const startedMs = performance.now()
  const require = createRequire(path.resolve('index.js'))
  try {
    require(module)
  } catch (error) {
    if (error?.code !== 'ERR_REQUIRE_ESM' && error?.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error
    await import(pathToFileURL(require.resolve(module)).href)
  }
  return { ms: performance.now() - startedMs }
}

/**
 * Answers, and gets ready behind the answer: when the client has left, nothing of this container is open but the two streams.
 * A sentinel on each of them says that it is done.
 */
function park({ server, streams }) {
  enter('parked')
  // A copy needs it at once, and has it at no cost; node:crypto, which most actions need, with it.
  require('./freshen.cjs')
  random.giveBack()
  server.close(() => {
    // What was inherited may have been opened outside of the container.
    fs.closeSync(0)
    fs.openSync('/dev/null')
    collectGarbage()
    server.listen({ path: ADDRESS }, () => streams.endActivation(() => undefined))
  })
  return { loaded: [...new Set(Object.keys(require.cache).flatMap((file) => packageOf(file)?.name ?? []))] }
}

function collectGarbage() {
  v8.setFlagsFromString('--expose-gc')
  const gc = vm.runInNewContext('gc')
  v8.setFlagsFromString('--no-expose-gc')
  gc()
}

/** This is a copy from here on. */
function wake() {
  enter('awake')
}

module.exports = { preload, park, wake }
