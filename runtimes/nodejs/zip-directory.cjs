'use strict'
// The directory of a zip archive (APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12, 4.3.16).

const END = 0x06054b50
const END_BYTES = 22
const ENTRY = 0x02014b50
const ENTRY_BYTES = 46
const FILE = 0x04034b50
const FILE_BYTES = 30
const ZIP64 = 0xffffffff
const ZIP64_EXTRA = 1
const ENCRYPTED = 1
const MADE_BY_UNIX = 3
const LINK = 0o120000
const TYPE = 0o170000

/** Gives the entries in the order of the directory. Throws an Error where the archive is corrupt, encrypted or split. */
function readEntries(content) {
  try {
    const end = findEnd(content)
    const count = content.readUInt16LE(end + 10)
    const entries = []
    let at = content.readUInt32LE(end + 16)
    if (at === ZIP64) throw new Error('it cannot be read: it is longer than 4 GB')
    for (let index = 0; index < count; index += 1) {
      const { entry, next } = readEntry(content, at)
      entries.push(entry)
      at = next
    }
    return entries
  } catch (error) {
    throw error instanceof RangeError ? new Error('it is corrupt: its directory points outside of it') : error
  }
}

/** The end record lies at the end, before a comment of at most 64 KiB. */
function findEnd(content) {
  for (let at = content.length - END_BYTES; at >= 0 && at >= content.length - END_BYTES - 0xffff; at -= 1) {
    if (content.readUInt32LE(at) === END) return at
  }
  throw new Error('it is corrupt: it is no zip archive')
}

function readEntry(content, at) {
  if (content.readUInt32LE(at) !== ENTRY) throw new Error('it is corrupt: its directory cannot be read')
  const nameEnd = at + ENTRY_BYTES + content.readUInt16LE(at + 28)
  const extraEnd = nameEnd + content.readUInt16LE(at + 30)
  const name = content.toString('utf8', at + ENTRY_BYTES, nameEnd)
  if ((content.readUInt16LE(at + 8) & ENCRYPTED) !== 0) throw new Error('it cannot be read: it is encrypted')
  const unixMode = content.readUInt8(at + 5) === MADE_BY_UNIX ? content.readUInt16LE(at + 40) : 0
  const [size, packedSize, fileAt] = widened(content.subarray(nameEnd, extraEnd), [
    content.readUInt32LE(at + 24),
    content.readUInt32LE(at + 20),
    content.readUInt32LE(at + 42),
  ])
  const entry = {
    name,
    size,
    packedSize,
    method: content.readUInt16LE(at + 10),
    crc: content.readUInt32LE(at + 16),
    mode: unixMode & 0o777,
    isLink: (unixMode & TYPE) === LINK,
    dataStart: dataStart(content, fileAt),
  }
  return { entry, next: extraEnd + content.readUInt16LE(at + 32) }
}

/** Values of 64 bits stand in an extra field, in this order, only for those that are all ones (4.5.3). */
function widened(extra, values) {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== ZIP64_EXTRA) continue
    let from = at + 4
    return values.map((value) => {
      if (value !== ZIP64) return value
      from += 8
      return Number(extra.readBigUInt64LE(from - 8))
    })
  }
  return values
}

function dataStart(content, at) {
  if (content.readUInt32LE(at) !== FILE) throw new Error('it is corrupt: an entry cannot be found')
  return at + FILE_BYTES + content.readUInt16LE(at + 26) + content.readUInt16LE(at + 28)
}

module.exports = { readEntries }
