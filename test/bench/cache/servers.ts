import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { armSettings } from '../cold/arms.ts'
import { type Server, startServer } from '../lib/server.ts'
import { type DependencySet, imagesManifest } from './sets.ts'

/** How long containers are kept when nobody says otherwise: a quarter of an hour, a hundred and fifty times faster. */
export const replayKeepAliveMs = 6_000
/** How many times faster than a day a replay goes. */
export const compression = 150

const graceMs = 1_000
const keeping = {
  'pool.pauseGraceMs': `${graceMs} ms`,
  'pool.idleContainerMs': `${replayKeepAliveMs - graceMs} ms`,
}

/** Servers of this benchmark: without images; the same that keeps every container; with one image and no stock; with one and a stock. */
export type ServerKind = 'cold' | 'hoarding' | 'restored' | 'stocked'

/** What to start. */
export interface ServerWish {
  readonly kind: ServerKind
  readonly folder: string
  /** What its image holds. */
  readonly set: DependencySet
  readonly stems: number
}

/** Starts a server, does the work, and stops it with all that it holds. */
export async function withServer<T>(wish: ServerWish, work: (server: Server) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(wish.folder, `${wish.kind}-`))
  const settings = settingsOf(wish, folder)
  const server = await startServer({ name: wish.kind, folder, network: 96, settings })
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

function settingsOf({ kind, set, stems }: ServerWish, folder: string): Readonly<Record<string, string>> {
  const manifest = join(folder, 'images.json')
  const pinned = { 'images.manifest': manifest, 'images.isLearning': 'off', 'images.stemBudgetMb': '256m' }
  switch (kind) {
    case 'cold':
      return { ...armSettings('cold'), ...keeping }
    case 'hoarding':
      return { ...armSettings('cold'), 'pool.pauseGraceMs': '1 hour', 'pool.idleContainerMs': '1 hour' }
    case 'restored':
      writeFileSync(manifest, imagesManifest(set, 0))
      return { ...armSettings('restored'), ...pinned }
    case 'stocked':
      writeFileSync(manifest, imagesManifest(set, stems))
      return { ...armSettings('ours'), ...keeping, ...pinned }
    default:
      return kind satisfies never
  }
}
