'use strict'
// What a rejected promise becomes in a result: JSON.stringify alone makes {} of an Error.

const CARRIED = ['name', 'message', 'stack', 'code']

/** Gives a plain copy: own fields, and of an error its name, message, stack and code. Functions are left out, cycles named. */
function plainError(value, above = []) {
  if (typeof value === 'function') return `[Function: ${value.name || 'anonymous'}]`
  if (typeof value !== 'object' || value === null) return value
  const inside = [...above, value]
  const fields = Object.entries(value)
    .filter(([, field]) => typeof field !== 'function')
    .map(([key, field]) => [key, inside.includes(field) ? '[Circular]' : plainError(field, inside)])
  if (Array.isArray(value)) return fields.map(([, field]) => field)
  const carried = CARRIED.filter((key) => typeof value[key] === 'string').map((key) => [key, value[key]])
  return Object.fromEntries([...fields, ...carried])
}

module.exports = { plainError }
