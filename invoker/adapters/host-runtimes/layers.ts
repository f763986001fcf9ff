import { join, resolve } from 'node:path'
import type { HostBuild } from '../../domain/manifest.ts'
import type { Bind, RuntimeLaunch } from '../../domain/runtime-launch.ts'

/** Where containers see layers that are not where their interpreter looks anyway. */
const layersTarget = '/opt/warmwhisk/layers'

/** Where interpreters look for packages: a variable, and for Node.js the directory that require and import find from anywhere. */
const lookups: Readonly<Record<string, { readonly variable: string; readonly target?: string }>> = {
  python3: { variable: 'PYTHONPATH' },
  node: { variable: 'NODE_PATH', target: '/node_modules' },
}

/** A layer of a build on this host. */
export interface HostLayer extends Bind {
  /** Whether it was there when this was asked. */
  readonly isThere: boolean
}

/** The layers of a build, in order; `programFolder` is what relative ones lie below. */
export function layersOf(
  build: HostBuild,
  { programFolder, exists }: { readonly programFolder: string; readonly exists: (path: string) => boolean },
): readonly HostLayer[] {
  const usual = lookups[build.command[0] ?? '']?.target
  return build.layers.map((layer, index) => {
    const source = resolve(programFolder, layer.source)
    // Only one can be where the interpreter looks; others it is told of.
    const target = layer.target ?? (index === 0 ? usual : undefined) ?? join(layersTarget, `${index}`)
    return { source, target, isThere: exists(source) }
  })
}

/** The launch with what is there bound read-only, and named in the variable that its interpreter heeds, before what that held. */
export function withLayers(
  launch: RuntimeLaunch,
  { name, layers }: { readonly name: string; readonly layers: readonly HostLayer[] },
): RuntimeLaunch {
  const there = layers.filter(({ isThere }) => isThere)
  const variable = lookups[name]?.variable
  if (variable === undefined || there.length === 0) return launch
  const targets = there.map(({ target }) => target)
  const path = [...targets, ...(launch.env[variable]?.split(':') ?? [])].join(':')
  const binds = there.map(({ source, target }) => ({ source, target }))
  return { ...launch, env: { ...launch.env, [variable]: path }, binds: [...launch.binds, ...binds] }
}
