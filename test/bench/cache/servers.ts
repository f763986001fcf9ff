import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { armSettings } from '../cold/arms.ts'
import { type Server, startServer } from '../lib/server.ts'
import { type DependencySet, imagesManifest } from './sets.ts'

/** How long containers are kept when nobody says otherwise: a quarter of an hour, a hundred and fifty times faster. */
export const replayKeepAliveMs = 6_000
/** How many times faster than a day a replay goes. */
export const compression = 150

/** They may live side by side. */
const networks = { cold: 96, restored: 97, stocked: 98 } as const

/** How long a server keeps containers: no longer than it must, as a replay asks, or all of them. */
const keeps = {
  none: { 'pool.pauseGraceMs': '50 ms', 'pool.idleContainerMs': '50 ms' },
  replay: { 'pool.pauseGraceMs': '1s', 'pool.idleContainerMs': `${replayKeepAliveMs - 1_000} ms` },
  all: { 'pool.pauseGraceMs': '1 hour', 'pool.idleContainerMs': '1 hour' },
} as const

/** For a hundred functions at a time, most of which share their memory. */
const room = { 'pool.userMemoryMb': '53248m' }

/** Servers of this benchmark: without images; with one image and no stock; with one and a stock. */
export type ServerKind = 'cold' | 'restored' | 'stocked'

/** What to start. */
export interface ServerWish {
  readonly kind: ServerKind
  readonly keeps: keyof typeof keeps
  readonly folder: string
  /** What its image holds. */
  readonly set: DependencySet
  readonly stems: number
}

/** Starts a server, does the work, and stops it with all that it holds. */
export async function withServer<T>(wish: ServerWish, work: (server: Server) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(wish.folder, `${wish.kind}-`))
  const settings = { ...settingsOf(wish, folder), ...keeps[wish.keeps], ...room }
  const server = await startServer({ name: wish.kind, folder, network: networks[wish.kind], settings })
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

function settingsOf({ kind, set, stems }: ServerWish, folder: string): Readonly<Record<string, string>> {
  if (kind === 'cold') return armSettings('cold')
  const manifest = join(folder, 'images.json')
  writeFileSync(manifest, imagesManifest(set, kind === 'stocked' ? stems : 0))
  const pinned = { 'images.manifest': manifest, 'images.isLearning': 'off', 'images.stemBudgetMb': '256m' }
  return { ...armSettings(kind === 'stocked' ? 'ours' : 'restored'), ...pinned }
}
