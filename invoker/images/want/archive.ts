import { strFromU8, type UnzipFileInfo, unzipSync } from 'fflate'

/** An archive with more entries is not read. */
const mostEntries = 5000
/**
 * Source that is read of one archive. An activation may wait, and the directory of an archive may lie: what a file is packed into
 * bounds the work too, since no byte packs more than 1,032, and when the time is over no further file is unpacked.
 */
const mostBytes = 512 * 1024
const mostPackedBytes = 64 * 1024
const mostPackedBytesOfFile = 16 * 1024
const mostFiles = 32
const patienceMs = 20

/** A zip archive in memory. */
export interface Archive {
  /** Paths of its entries; those of directories end in a slash. */
  readonly names: readonly string[]
  /** Texts of the files that are wanted, in order of wanting, as far as the bounds allow. */
  read(wanted: readonly string[]): readonly string[]
}

/** Opens an archive; undefined when it cannot be read, or has more entries than is good. Nothing is unpacked yet. */
export function openArchive(content: Uint8Array): Archive | undefined {
  const entries = new Map<string, UnzipFileInfo>()
  const isRead = unzip(content, (entry) => {
    if (entries.size >= mostEntries) throw new RangeError('The archive has too many entries')
    entries.set(entry.name, entry)
    return false
  })
  if (isRead === undefined) return undefined
  return {
    names: [...entries.keys()],
    read(wanted) {
      const chosen = new Set(affordable(wanted, entries))
      const begun = performance.now()
      const files = unzip(content, ({ name }) => chosen.has(name) && performance.now() - begun < patienceMs) ?? {}
      return [...chosen].map((name) => files[name]).flatMap((bytes) => (bytes === undefined ? [] : [strFromU8(bytes)]))
    },
  }
}

function affordable(wanted: readonly string[], entries: ReadonlyMap<string, UnzipFileInfo>): readonly string[] {
  const chosen: string[] = []
  let bytes = 0
  let packedBytes = 0
  for (const name of wanted) {
    const entry = entries.get(name)
    if (entry === undefined || entry.size > mostPackedBytesOfFile) continue
    if (bytes + entry.originalSize > mostBytes || packedBytes + entry.size > mostPackedBytes) continue
    if (chosen.push(name) >= mostFiles) break
    bytes += entry.originalSize
    packedBytes += entry.size
  }
  return chosen
}

function unzip(
  content: Uint8Array,
  filter: (entry: UnzipFileInfo) => boolean,
): Readonly<Record<string, Uint8Array>> | undefined {
  try {
    return unzipSync(content, { filter })
  } catch {
    return undefined // The runtime, which unpacks it for real, tells the developer what is wrong with it.
  }
}
