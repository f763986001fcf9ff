import type { HostRuntimes } from '../../../invoker/adapters/host-runtimes/host-runtimes.ts'
import { pinoLog } from '../../../invoker/adapters/telemetry/pino-log.ts'
import { loadRuntimes } from '../../../invoker/build/runtimes.ts'
import type { Config } from '../../../invoker/config/read-config.ts'
import type { Diagnosis } from './thing.ts'

/** Which kinds of the runtimes manifest this machine can run. @throws Fault SETTINGS_WRONG when the manifest is wrong */
export async function discoverKinds(config: Config, root: string): Promise<HostRuntimes> {
  // What is missing becomes a diagnosis: the log has nothing to add.
  return (await loadRuntimes(config, { root, log: pinoLog({ level: 'error' }) })).host
}

/** A diagnosis for each kind: those that are offered, and for the others why not. */
export function kindDiagnoses(kinds: Pick<HostRuntimes, 'offered' | 'missing' | 'absentLayers'>): readonly Diagnosis[] {
  const one = (kind: string, isThere: boolean, found: string): Diagnosis => ({
    what: kind,
    isThere,
    found,
    isNeeded: false,
    without: kind.startsWith('nodejs:')
      ? 'its actions are stored and not run, and without any nodejs an invoker never becomes healthy'
      : 'its actions are stored and not run',
    remedy: 'Install the version that it names, or take it out of the runtimes manifest',
  })
  return [
    ...[...kinds.offered].map(([kind, launch]) => one(kind, true, launch.command[0] ?? '')),
    ...[...kinds.missing].map(([kind, why]) => one(kind, false, why)),
    ...kinds.absentLayers().map((why) => ({
      what: 'layer of packages',
      isThere: false,
      found: why,
      isNeeded: false,
      without: 'actions do not find its packages, and no dependency image holds them',
      remedy: 'npx warmwhisk setup functionbench, or take it out of "layers" in runtimes/runtimes.json',
    })),
  ]
}
