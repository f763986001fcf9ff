import type { Manifest } from '../../domain/manifest.ts'
import type { RuntimeLaunch } from '../../domain/runtime-launch.ts'
import { Fault } from '../../faults/fault.ts'
import { findInterpreters, type Places } from './interpreters.ts'
import { type FoundBuild, type Matches, matchKinds } from './match-kinds.ts'

/** Where interpreters for all users are installed on Linux. */
const usual = ['/usr/bin', '/usr/local/bin']

/** What to offer, and with what. */
export interface HostRuntimesOptions {
  /** The kinds of this deployment. */
  readonly manifest: Manifest
  /** Our own runtimes/runtimes.json, whose host builds say how each family starts. */
  readonly builds: Manifest
  /** The folder runtimes/ of this program, as an absolute path. */
  readonly runtimesFolder: string
  readonly places?: Places
}

/** The runtime build `host`: our runtimes on this host's own interpreters, with nothing to download. */
export class HostRuntimes {
  /** How each kind starts that this host can run. */
  readonly offered: ReadonlyMap<string, RuntimeLaunch>
  /** For each other kind of the manifest, a sentence that says what is missing. */
  readonly missing: ReadonlyMap<string, string>
  /** What each offered kind runs on. */
  readonly found: ReadonlyMap<string, FoundBuild>

  constructor({ offered, missing, found }: Matches) {
    this.offered = offered
    this.missing = missing
    this.found = found
  }

  /** A sentence for each layer of an offered kind that is not on disk; its actions do without. */
  absentLayers(): readonly string[] {
    return [...this.found].flatMap(([kind, { layers }]) =>
      layers
        .filter(({ isThere }) => !isThere)
        .map(({ source }) => `"${kind}" has a layer "${source}" that does not exist`),
    )
  }

  /** How to start a kind; undefined where this host cannot. */
  readonly offeredLaunch = (kind: string): RuntimeLaunch | undefined => this.offered.get(kind)

  /** How to start a kind. @throws Fault KIND_UNAVAILABLE that names what is missing. */
  launchOf(kind: string): RuntimeLaunch {
    const launch = this.offered.get(kind)
    if (launch !== undefined) return launch
    const known = [...this.offered.keys()].join(', ')
    throw new Fault('KIND_UNAVAILABLE', this.missing.get(kind) ?? `"${kind}" is unknown, this invoker runs ${known}`)
  }
}

/** Looks for the interpreters of this host, once, and matches them with the manifest. */
export async function discoverHostRuntimes(options: HostRuntimesOptions): Promise<HostRuntimes> {
  const places = options.places ?? { folders: usual, ownNode: process.execPath }
  const interpreters = await findInterpreters(places)
  return new HostRuntimes(matchKinds({ ...options, interpreters }))
}
