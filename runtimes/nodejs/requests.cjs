'use strict'
// What an invoker asks beside the action protocol: to record imports, and to become an image and a copy of one.

/**
 * Each gives the answer's object, or a promise of it; what it throws is answered as an error. A start that is only to be
 * recorded waits for nothing that the others need.
 */
const requests = {
  '/learn': () => {
    require('./learn.cjs').begin()
    return { ok: true }
  },
  '/imports': () => ({ imports: require('./learn.cjs').end() }),
  '/preload': (_, { module }) => require('./image.cjs').preload(module),
  '/park': (runtime) => require('./image.cjs').park(runtime),
  '/restored': (runtime, { env, isTrial }) => {
    require('./image.cjs').wake()
    return require('./freshen.cjs').freshen(runtime, { env, isTrial })
  },
}

function answer(runtime, { path, read, respond }) {
  const work = requests[path]
  if (work === undefined) return runtime.proxy.answer(path, read, respond)
  new Promise((resolve) => resolve(work(runtime, JSON.parse(read() || '{}')))).then(
    (result) => respond(200, JSON.stringify(result)),
    (error) => respond(500, JSON.stringify({ error: error?.message ?? String(error) })),
  )
}

module.exports = { answer }
