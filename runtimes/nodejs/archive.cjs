'use strict'
// Unpacks a zip archive that nobody trusts.
const fs = require('node:fs')
const path = require('node:path')
const zlib = require('node:zlib')
const { readEntries } = require('./zip-directory.cjs')

/** An archive this small is welcome whatever its ratio; beyond it, more than 100:1 is no honest code. */
const UNSUSPECTED_BYTES = 64 * 1024 * 1024
const MAX_RATIO = 100
const MAX_ENTRIES = 100_000
/** As the kernel. */
const MAX_LINKS = 40
const STORED = 0
const DEFLATED = 8

/** Unpacks into a directory that exists and is empty. Throws an Error with a text for the developer; part of the files may then be there. */
function unpack(content, directory) {
  const entries = readEntries(content)
  checkSize(entries, content.length, directory)
  const links = []
  for (const entry of entries) {
    const target = pathOf(entry.name, directory)
    if (entry.isLink) links.push({ entry, target })
    else if (entry.name.endsWith('/')) fs.mkdirSync(target, { recursive: true })
    else writeFile(content, entry, target)
  }
  // Links last: no file is ever written through one. Each is looked at when it is there, since the next may lie behind it,
  // and again when all are there, since the next may have changed where it leads.
  for (const { entry, target } of links) {
    writeLink(content, entry, target)
    checkLink(entry, target, directory)
  }
  for (const { entry, target } of links) checkLink(entry, target, directory)
}

/** What the entries declare is what they may have: inflating stops at it. */
function checkSize(entries, packedBytes, directory) {
  if (entries.length > MAX_ENTRIES) {
    throw new Error(`it has ${entries.length} entries, at most ${MAX_ENTRIES} are allowed`)
  }
  const total = entries.reduce((sum, entry) => sum + entry.size, 0)
  if (total > Math.max(UNSUSPECTED_BYTES, packedBytes * MAX_RATIO)) {
    throw new Error(`it would grow from ${packedBytes} to ${total} bytes, more than ${MAX_RATIO} times`)
  }
  const { bavail, bsize } = fs.statfsSync(directory)
  if (total > bavail * bsize) throw new Error(`it needs ${total} bytes, and ${bavail * bsize} are free`)
}

function pathOf(name, directory) {
  const target = path.join(directory, name)
  if (name.startsWith('/') || name.includes('\0') || !isBelow(path.resolve(target), directory)) {
    throw new Error(`the entry "${name}" leaves the directory`)
  }
  return target
}

function checkLink(entry, target, directory) {
  if (!isBelow(realPath(target), directory)) throw new Error(`the link "${entry.name}" leaves the directory`)
}

function isBelow(target, directory) {
  return target === directory || target.startsWith(directory + path.sep)
}

/**
 * Where a link leads, whether or not something is there. Step by step, as the kernel goes: `..` behind a link is the parent of
 * what the link leads to (Node's own realpath takes it for the parent of the link).
 */
function realPath(target, links = 0) {
  if (links > MAX_LINKS) throw new Error('its links lead in circles')
  let at = path.sep
  for (const step of target.split(path.sep)) {
    at = path.join(at, step)
    const link = readLink(at)
    if (link !== undefined) at = realPath(`${path.dirname(at)}${path.sep}${link}`, links + 1)
  }
  return at
}

function readLink(target) {
  try {
    return fs.readlinkSync(target)
  } catch {
    return undefined // Nothing is there, or no link.
  }
}

function writeFile(content, entry, target) {
  fs.mkdirSync(path.dirname(target), { recursive: true })
  fs.writeFileSync(target, bytesOf(content, entry))
  if (entry.mode !== 0) fs.chmodSync(target, entry.mode | 0o600)
}

function writeLink(content, entry, target) {
  const to = bytesOf(content, entry).toString()
  if (to === '' || path.isAbsolute(to)) throw new Error(`the link "${entry.name}" leaves the directory`)
  fs.mkdirSync(path.dirname(target), { recursive: true })
  fs.symlinkSync(to, target)
}

function bytesOf(content, entry) {
  const packed = content.subarray(entry.dataStart, entry.dataStart + entry.packedSize)
  const bytes = decompress(packed, entry)
  if (packed.length !== entry.packedSize || bytes.length !== entry.size || zlib.crc32(bytes) !== entry.crc) {
    throw new Error(`it is corrupt: the entry "${entry.name}" is not what the directory says`)
  }
  return bytes
}

function decompress(packed, entry) {
  if (entry.method === STORED) return packed
  if (entry.method !== DEFLATED) throw new Error(`it cannot be read: compression method ${entry.method}`)
  if (entry.size === 0) return Buffer.alloc(0)
  try {
    return zlib.inflateRawSync(packed, { maxOutputLength: entry.size })
  } catch (error) {
    throw new Error(`it is corrupt: the entry "${entry.name}": ${error.message}`)
  }
}

module.exports = { unpack }
