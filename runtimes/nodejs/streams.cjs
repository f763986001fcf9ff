'use strict'
// What user code prints, and the lines that end it.
const { writeSync } = require('node:fs')

const SENTINEL = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n'

/** stdout and stderr. `write` is taken before user code can replace it. */
class Streams {
  #channels = [
    { stream: process.stdout, descriptor: 1, write: process.stdout.write },
    { stream: process.stderr, descriptor: 2, write: process.stderr.write },
  ]

  constructor() {
    // A stream that user code has closed must not end the process when the sentinel is written.
    for (const { stream } of this.#channels) stream.on('error', () => undefined)
  }

  /** Writes the sentinel to both streams, behind what user code printed; calls back when all of it has left the process. */
  endActivation(done) {
    let waiting = 1
    const left = () => {
      waiting -= 1
      if (waiting === 0) done()
    }
    for (const channel of this.#channels) {
      waiting += 1
      writeTo(channel, SENTINEL, left)
    }
    left()
  }

  /** Tells the developer on stderr why something was refused. */
  explain(text) {
    writeTo(this.#channels[1], `${text}\n`, () => undefined)
  }
}

function writeTo({ stream, descriptor, write }, text, left) {
  if (stream.writableEnded || stream.destroyed) {
    try {
      writeSync(descriptor, text)
    } catch {
      // User code closed the descriptor too: nobody can read it.
    }
    left()
    return
  }
  write.call(stream, text)
  if (stream.writableLength === 0) left()
  else write.call(stream, '', left)
}

module.exports = { Streams }
