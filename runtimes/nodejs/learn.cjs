'use strict'
// Which packages of the runtime build user code loads, and what that takes. CommonJS only: Node.js lets nobody see what its
// loader of ES modules loads, but packages in CommonJS pass through here also when an ES module imports them.
const Module = require('node:module')
const path = require('node:path')
const { performance } = require('node:perf_hooks')
const { packageOf, versionOf } = require('./packages.cjs')

const load = Module._load
let imports = []
/** Within one package others are loaded: they count with it. */
let isInside = false

/** Records from now on. */
function begin() {
  imports = []
  Module._load = recordingLoad
}

/** Ends it; gives what was recorded, in order. */
function end() {
  // User code may have put its own in front of ours, which then stays and records into nothing.
  if (Module._load === recordingLoad) Module._load = load
  const recorded = imports
  imports = []
  return recorded
}

function recordingLoad(request, parent, isMain) {
  const found = isInside ? undefined : newPackage(request, parent, isMain)
  if (found === undefined) return load.call(this, request, parent, isMain)
  isInside = true
  const startedMs = performance.now()
  try {
    return load.call(this, request, parent, isMain)
  } finally {
    isInside = false
    const ms = performance.now() - startedMs
    // An ES module's import names the file.
    const module = path.isAbsolute(request) ? found.name : request
    imports.push({ module, distribution: found.name, version: versionOf(found), ms })
  }
}

/** The package that is about to be loaded; undefined for what is loaded already, built in, or the user's. */
function newPackage(request, parent, isMain) {
  if (Module.isBuiltin(request)) return undefined
  try {
    const file = Module._resolveFilename(request, parent, isMain)
    // The loader of ES modules puts a module there before it is loaded.
    return Module._cache[file]?.loaded ? undefined : packageOf(file)
  } catch {
    return undefined // It cannot be found: loading it says so.
  }
}

module.exports = { begin, end }
