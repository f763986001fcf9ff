// What is drawn while packages load, and what is kept to draw later.
const crypto = require('node:crypto')
const { random } = Math
const early = [random(), Math.random(), crypto.randomUUID(), crypto.randomInt(2 ** 40), crypto.randomBytes(4)]
module.exports = { early, random }
