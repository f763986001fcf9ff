'use strict'
// User code: from what an /init carries to a function.
const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

/** Puts the code into a directory of its own, goes there and loads it. Gives the function named `main`. */
async function loadAction({ code, main, binary }) {
  const directory = path.resolve('action')
  fs.mkdirSync(directory)
  const found = binary ? await loadArchive(code, main, directory) : loadSource(code, main, directory)
  if (typeof found !== 'function') throw `Action entrypoint '${main}' is not a function.`
  return found
}

/** Plain source is the body of a function, as in OpenWhisk: `main` may be declared, assigned to exports, or global. */
function loadSource(code, main, directory) {
  process.chdir(directory)
  const file = path.join(directory, 'index.js')
  const module = { exports: {}, id: file, filename: file, loaded: false, paths: [] }
  const fallback = `module.exports.${main} || exports.${main}`
  const find = `try { return ${main} } catch (e) { if (e.name === 'ReferenceError') { return ${fallback} } else throw e }`
  const load = vm.compileFunction(
    `${code}\n${find}`,
    ['module', 'exports', 'require', '__filename', '__dirname'],
    // What `import()` in the source names is found as from any other file.
    { filename: file, importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER },
  )
  return load(module, module.exports, createRequire(file), file, directory)
}

/** `main` may name a file of the archive before its first dot. Without one, package.json or index.js says what to load. */
async function loadArchive(code, main, directory) {
  const { unpack } = require('./archive.cjs')
  try {
    unpack(Buffer.from(code, 'base64'), directory)
  } catch (error) {
    throw `There was an error uncompressing the action archive: ${error.message}`
  }
  process.chdir(directory)
  const dot = main.indexOf('.')
  const [file, name] = dot < 0 ? [undefined, main] : [main.slice(0, dot), main.slice(dot + 1)]
  if (file === undefined && !fs.existsSync('package.json') && !fs.existsSync('index.js')) {
    throw 'Zipped actions must contain either package.json or index.js at the root.'
  }
  const exported = await load(file === undefined ? directory : path.join(directory, file))
  return member(exported, name) ?? member(exported.default, name)
}

async function load(target) {
  const require = createRequire(path.join(target, 'index.js'))
  try {
    return require(target)
  } catch (error) {
    // An ES module, or one that awaits at its top level: OpenWhisk refuses these, we need not.
    if (error?.code !== 'ERR_REQUIRE_ESM' && error?.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error
    return import(require('node:url').pathToFileURL(require.resolve(target)).href)
  }
}

function member(object, name) {
  return name.split('.').reduce((found, key) => found?.[key], object)
}

module.exports = { loadAction }
