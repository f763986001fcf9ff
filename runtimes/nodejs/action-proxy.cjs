'use strict'
// The action protocol: what /init and /run mean, and when they are allowed (protocol reference 6.1, 6.2, 6.9).
const { loadAction } = require('./action.cjs')
const { exportInit, exportRun } = require('./environment.cjs')
const { plainError } = require('./plain-error.cjs')

const NO_CODE = 'Missing main/no code to execute.'
const ONLY_ONCE = 'Cannot initialize the action more than once.'
const BAD_RESULT = 'The action did not return a dictionary.'

/** What /init and /run may do next. `stopped` is for good: user code failed to load, or threw. */
const after = {
  fresh: ['loading'],
  loading: ['ready', 'stopped'],
  // Straight to stopped only where runs overlap: they leave the phase alone.
  ready: ['running', 'stopped'],
  running: ['ready', 'stopped'],
  stopped: ['stopped'],
}

/** Answers requests. `respond(status, text)` is called once for each. */
class ActionProxy {
  #streams
  #phase = 'fresh'
  #main
  #isConcurrent = (process.env.__OW_ALLOW_CONCURRENT ?? '').toLowerCase() === 'true'

  constructor(streams) {
    this.#streams = streams
  }

  answer(path, read, respond) {
    let request
    try {
      request = parse(read)
    } catch {
      return respond(...failure(500, 'Bad request.'))
    }
    if (path === '/run') this.run(request ?? {}, respond)
    else if (path === '/init') this.init(request?.value ?? {}, respond)
    else respond(...failure(500, 'Bad request.'))
  }

  init(value, respond) {
    if (this.#main !== undefined) return this.#refuse(ONLY_ONCE, respond)
    if (this.#phase !== 'fresh') return this.#refuse(`System not ready, status is ${this.#phase}.`, respond)
    if (!isText(value.main) || !isText(value.code)) return respond(...failure(403, NO_CODE))
    this.#enter('loading')
    exportInit(value.env ?? {})
    loadAction(value).then(
      (main) => {
        this.#main = main
        this.#enter('ready')
        respond(200, '{"OK":true}')
      },
      (error) => {
        this.#enter('stopped')
        console.error('Error during initialization:', error)
        const answer = failure(502, `Initialization has failed due to: ${error?.stack ? String(error.stack) : error}`)
        this.#streams.endActivation(() => respond(...answer))
      },
    )
  }

  run(request, respond) {
    if (this.#main === undefined) return this.#refuse('System not initialized.', respond)
    if (this.#phase !== 'ready') return this.#refuse(`System not ready, status is ${this.#phase}.`, respond)
    const value = request.value ?? {}
    if (typeof value !== 'object') {
      return this.#refuse(
        `Internal system error: the argument must be a dictionary but has type '${typeof value}'.`,
        respond,
      )
    }
    exportRun(request)
    if (!this.#isConcurrent) this.#enter('running')
    this.#call(value, (answer) => this.#streams.endActivation(() => respond(...answer)))
  }

  #call(value, done) {
    const main = this.#main
    let result
    try {
      result = main(value)
    } catch (error) {
      return done(this.#thrown(error))
    }
    if (typeof result?.then !== 'function') return done(this.#returned(result))
    Promise.resolve(result).then(
      (resolved) => done(this.#returned(resolved)),
      (error) => done(this.#returned({ error: error ? plainError(error) : {} })),
    )
  }

  #returned(result = {}) {
    if (this.#phase === 'running') this.#enter('ready')
    if (typeof result !== 'object') {
      console.error(`Result must be of type object but has type "${typeof result}":`, result)
      return failure(502, BAD_RESULT)
    }
    try {
      const text = JSON.stringify(result)
      return text === undefined ? failure(502, BAD_RESULT) : [200, text]
    } catch (error) {
      return this.#thrown(error)
    }
  }

  #thrown(error) {
    this.#enter('stopped')
    console.error(error)
    return failure(502, `An error has occurred: ${error}`)
  }

  #refuse(text, respond) {
    this.#streams.explain(`Internal system error: ${text}`)
    respond(...failure(403, text))
  }

  #enter(phase) {
    if (!after[this.#phase].includes(phase)) throw new Error(`Cannot move from "${this.#phase}" to "${phase}"`)
    this.#phase = phase
  }
}

function isText(value) {
  return typeof value === 'string' && value !== ''
}

function failure(status, error) {
  return [status, JSON.stringify({ error })]
}

/** In a frame of its own, which lets go of the text: 48 MB of code should not be in memory twice while it loads. */
function parse(read) {
  return JSON.parse(read())
}

module.exports = { ActionProxy }
