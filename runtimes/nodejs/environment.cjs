'use strict'
// The environment that user code sees.

/** Sets the variables of an /init. What is no text becomes JSON text, as it was when the action was created. */
function exportInit(env) {
  for (const [name, value] of Object.entries(env)) {
    process.env[name] = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
  }
}

/** Sets `__OW_<NAME>` for every text of a /run but its value. */
function exportRun(request) {
  for (const name in request) {
    const value = request[name]
    if (typeof value === 'string' && name !== 'value') process.env[`__OW_${name.toUpperCase()}`] = value
  }
}

module.exports = { exportInit, exportRun }
