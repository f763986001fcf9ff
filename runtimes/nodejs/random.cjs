'use strict'
// Math.random of a process that is copied. V8 seeds it once for each context, when it is first called, and never again. So nobody
// may call it before the copy: while packages load they get a stand-in, and what they keep of that leads to the real one later.
const { randomInt } = require('node:crypto')
const v8 = require('node:v8')
const vm = require('node:vm')

const real = Math.random
let current = real

/** Until `giveBack`, Math.random is one of another context. */
function borrow() {
  current = vm.runInNewContext('Math.random')
  const standIn = (() => current()).bind()
  Object.defineProperty(standIn, 'name', { value: 'random' })
  Math.random = standIn
}

function giveBack() {
  Math.random = real
}

/** Seeds it in a copy, where what was kept of a stand-in leads to it from now on. */
function seed() {
  seedContextOf(real)
  current = real
  moveOn()
}

/**
 * Contexts that user code makes are seeded by a generator of V8's that nobody can seed, but that moves on whenever an object
 * gets a hash: copies go to different places of one sequence. That makes them unlike, not unpredictable.
 */
function moveOn() {
  const hashed = new Set()
  for (let steps = randomInt(4096); steps > 0; steps -= 1) hashed.add({})
}

/**
 * Seeds a Math.random that was never called, and with it its context. A seed has 31 bits; where in the sequence it begins adds
 * to them.
 */
function seedContextOf(random) {
  v8.setFlagsFromString(`--random-seed=${randomInt(1, 2 ** 31)}`)
  random()
  // Contexts and workers that user code makes must not all get this seed.
  v8.setFlagsFromString('--random-seed=0')
  for (let skip = randomInt(4096); skip > 0; skip -= 1) random()
}

module.exports = { borrow, giveBack, seed, seedContextOf }
