'use strict'
// Packages of the runtime build: what lies in its layers, not in the user's archive.
const fs = require('node:fs')
const path = require('node:path')

/** Where containers have the layer, and where a runtime without mounts is told to look for it. */
const layers = ['/node_modules', ...(process.env.NODE_PATH ?? '').split(path.delimiter).filter(Boolean)].map(
  (folder) => path.resolve(folder) + path.sep,
)

/** The package that a file belongs to, with its directory; undefined for files that are in no layer. */
function packageOf(file) {
  const layer = layers.find((folder) => file.startsWith(folder))
  if (layer === undefined) return undefined
  const [first, second] = file.slice(layer.length).split(path.sep)
  const name = first.startsWith('@') ? `${first}/${second}` : first
  return { name, directory: layer + name }
}

/** The version that its package.json names; "" where there is none. */
function versionOf({ directory }) {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8')).version ?? '')
  } catch {
    return '' // A file of the layer that is no package.
  }
}

module.exports = { packageOf, versionOf }
