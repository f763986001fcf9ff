import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { HostBuild, Manifest, RuntimeKind } from '../../domain/manifest.ts'
import { type Bind, type RuntimeLaunch, runtimesTarget } from '../../domain/runtime-launch.ts'
import type { Interpreter } from './interpreters.ts'
import { type HostLayer, layersOf, withLayers } from './layers.ts'

/** Where a container sees an interpreter that is not below /usr, which it sees anyway. */
const interpreterTarget = '/opt/warmwhisk'

/** What a kind runs on here. */
export interface FoundBuild {
  readonly interpreter: Interpreter
  /** Also those that are absent, which its containers do without. */
  readonly layers: readonly HostLayer[]
}

/** What this host can run, and why not the rest: a sentence for each kind of the manifest. */
export interface Matches {
  readonly offered: ReadonlyMap<string, RuntimeLaunch>
  /** Of each kind that is offered. */
  readonly found: ReadonlyMap<string, FoundBuild>
  readonly missing: ReadonlyMap<string, string>
}

/**
 * Decides for each kind of `manifest` whether an interpreter of its version is there. A manifest of a deployment knows no host
 * builds: a kind without one gets that of its family in `builds`, our own manifest.
 */
export function matchKinds(options: {
  readonly manifest: Manifest
  readonly builds: Manifest
  readonly interpreters: readonly Interpreter[]
  readonly runtimesFolder: string
  readonly exists?: (path: string) => boolean
}): Matches {
  const { runtimesFolder, exists = existsSync } = options
  const offered = new Map<string, RuntimeLaunch>()
  const builds = new Map<string, FoundBuild>()
  const missing = new Map<string, string>()
  for (const kind of options.manifest.kinds.values()) {
    const build = kind.host ?? buildOf(options.builds, kind.family)
    const found = build && options.interpreters.find((one) => one.name === build.command[0] && fits(kind, one))
    if (build && found) {
      const layers = layersOf(build, { programFolder: dirname(runtimesFolder), exists })
      builds.set(kind.kind, { interpreter: found, layers })
      const bare = launch(kind.kind, { build, found, folder: runtimesFolder })
      offered.set(kind.kind, withLayers(bare, { name: found.name, layers }))
    } else missing.set(kind.kind, build ? versionMissing(kind, build, options.interpreters) : familyMissing(kind))
  }
  return { offered, found: builds, missing }
}

function buildOf(builds: Manifest, family: string): HostBuild | undefined {
  return [...builds.kinds.values()].find((kind) => kind.family === family && kind.host)?.host
}

/** `python:3` takes any 3, `python:3.11` only 3.11, `nodejs:20` only 20. */
function fits(kind: RuntimeKind, { version }: Interpreter): boolean {
  const wanted = versionOf(kind)
  return version === wanted || version.startsWith(`${wanted}.`)
}

function versionOf({ kind }: RuntimeKind): string {
  return kind.slice(kind.indexOf(':') + 1)
}

function launch(
  kind: string,
  { build, found, folder }: { readonly build: HostBuild; readonly found: Interpreter; readonly folder: string },
): RuntimeLaunch {
  const binds: Bind[] = [{ source: folder, target: runtimesTarget }]
  let path = found.path
  if (!path.startsWith('/usr/')) {
    const target = join(interpreterTarget, found.name)
    binds.push({ source: dirname(path), target })
    path = join(target, path.slice(dirname(path).length))
  }
  return { kind, command: [path, ...build.command.slice(1)], env: build.env, binds }
}

function versionMissing(kind: RuntimeKind, build: HostBuild, interpreters: readonly Interpreter[]): string {
  const [name = ''] = build.command
  const there = interpreters.filter((one) => one.name === name).map((one) => one.version)
  const has = there.length === 0 ? `this host has no ${name}` : `this host has ${name} ${there.join(', ')}`
  return `"${kind.kind}" needs ${name} ${versionOf(kind)}: ${has}`
}

function familyMissing(kind: RuntimeKind): string {
  return `"${kind.kind}" needs the image "${kind.image}": this invoker runs no images, and has no runtime of its own for "${kind.family}"`
}
