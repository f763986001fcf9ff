import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HostInventory } from '../adapters/host-runtimes/host-inventory.ts'
import { discoverHostRuntimes, type HostRuntimes } from '../adapters/host-runtimes/host-runtimes.ts'
import type { Config } from '../config/read-config.ts'
import { type Manifest, parseManifest } from '../domain/manifest.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { Log } from '../ports/log.ts'

/** The kinds of a deployment, and what this host can run of them. */
export interface Runtimes {
  readonly manifest: Manifest
  readonly host: HostRuntimes
  /** What can be imported in each kind. */
  readonly inventory: Inventory
}

/**
 * Reads the manifest (the configured one, else our own) and looks for the interpreters of this host.
 * @param root the checkout
 * @throws Fault SETTINGS_WRONG with every problem of the manifest
 */
export async function loadRuntimes(
  config: Config,
  { root, log }: { readonly root: string; readonly log: Log },
): Promise<Runtimes> {
  const runtimesFolder = join(root, 'runtimes')
  const own: unknown = JSON.parse(readFileSync(join(runtimesFolder, 'runtimes.json'), 'utf8'))
  const builds = parseManifest(own)
  const manifest = config.runtimes.manifest === undefined ? builds : parseManifest(config.runtimes.manifest)
  const host = await discoverHostRuntimes({ manifest, builds, runtimesFolder })
  for (const [kind, reason] of host.missing) log.warn('a kind cannot run on this host', { kind, reason })
  for (const sentence of host.absentLayers()) log.info('a layer of packages is absent', { reason: sentence })
  if (![...host.offered.keys()].some((kind) => kind.startsWith('nodejs'))) {
    log.warn('no nodejs kind can run: the health test of an OpenWhisk controller will fail')
  }
  return { manifest, host, inventory: new HostInventory({ host, runtimesFolder }) }
}
