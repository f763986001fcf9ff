import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { discoverHostRuntimes } from '../../invoker/adapters/host-runtimes/host-runtimes.ts'
import { type Manifest, parseManifest } from '../../invoker/domain/manifest.ts'
import type { RuntimeLaunch } from '../../invoker/domain/runtime-launch.ts'

/** runtimes/ of this checkout. */
export const runtimesFolder = resolve(import.meta.dirname, '../../runtimes')

/** Our own manifest. */
export function ownManifest(): Manifest {
  return parseManifest(JSON.parse(readFileSync(`${runtimesFolder}/runtimes.json`, 'utf8')))
}

/** How this host starts the kinds of our own manifest. */
export async function launchHere(kind: string): Promise<RuntimeLaunch> {
  const manifest = ownManifest()
  return (await discoverHostRuntimes({ manifest, builds: manifest, runtimesFolder })).launchOf(kind)
}
