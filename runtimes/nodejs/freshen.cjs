'use strict'
// What must be new in every copy of an image. OpenSSL draws new entropy by itself: whoever made the image saw to that
// (docs/decisions, CRIU), and asks for drawn values to be sure of it.
const crypto = require('node:crypto')
const { promisify } = require('node:util')
const { ActionProxy } = require('./action-proxy.cjs')
const random = require('./random.cjs')

/** Values that Node.js keeps at most, of each kind, for calls to come. */
const CACHED_UUIDS = 128
const CACHED_INTEGERS = 1024
const LARGEST = 2 ** 48 - 2

/** Makes this copy one of a kind; gives values that no other copy can have drawn, of every generator where it `isTrial`. */
async function freshen(runtime, { env, isTrial }) {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  dropCachedEntropy()
  random.seed()
  // It looks at the environment.
  runtime.proxy = new ActionProxy(runtime.streams)
  const drawn = [crypto.randomBytes(16).toString('hex'), ...(isTrial ? await drawAll() : [])]
  return { drawn }
}

/** Node.js draws for many UUIDs and integers at once: what is left of the image's is used up. */
function dropCachedEntropy() {
  for (let count = 0; count < CACHED_UUIDS; count += 1) crypto.randomUUID()
  for (let count = 0; count < CACHED_INTEGERS; count += 1) crypto.randomInt(LARGEST)
}

/** OpenSSL has two generators in each thread: one for what is public, one for keys. Its own threads answer what is asynchronous. */
async function drawAll() {
  const elsewhere = await Promise.all([1, 2, 3, 4].map(() => promisify(crypto.randomBytes)(16)))
  const { publicKey } = crypto.generateKeyPairSync('ed25519')
  return [
    ...elsewhere.map((bytes) => bytes.toString('hex')),
    publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
    crypto.randomUUID(),
  ]
}

module.exports = { freshen }
