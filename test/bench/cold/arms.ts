import { readFileSync } from 'node:fs'
import type { Shutdown } from '../../../invoker/lib/shutdown.ts'
import { type Server, startServer } from '../lib/server.ts'
import { functionMemoryMb } from './start.ts'

/**
 * The sides of the comparison. `cold`: no dependency images and no stem cells, OpenWhisk's cold path. `prewarmed`: no images, a stem
 * cell of each kind waits. `ours`: dependency images and stem cells, as the product is. `restored`: images without any stock, every start restores.
 */
export const armNames = ['cold', 'prewarmed', 'ours', 'restored'] as const

/** One of {@link armNames}. */
export type ArmName = (typeof armNames)[number]

/** How every start of an arm must be for it to be compared; ours is measured as it comes. */
export const startOf: Readonly<Partial<Record<ArmName, string>>> = {
  cold: 'cold',
  prewarmed: 'prewarmed',
  restored: 'restored',
}

/** Servers by their arm. They live side by side, and one at a time has work. */
export type Arms = Readonly<Record<ArmName, Server>>

/** Containers go soon after their only run, so that memory is there for the next. */
const shortLives = {
  'pool.userMemoryMb': '16384m',
  'pool.pauseGraceMs': '50 ms',
  'pool.idleContainerMs': '50 ms',
}
const firstNetwork = 91

/** What each arm is set to. */
export function armSettings(name: ArmName): Readonly<Record<string, string>> {
  const off = { ...shortLives, 'images.isEnabled': 'off' }
  switch (name) {
    case 'cold':
      return { ...off, 'runtimes.manifest': manifestWith(0) }
    case 'prewarmed':
      return { ...off, 'runtimes.manifest': manifestWith(1) }
    case 'ours':
      return { ...shortLives, 'runtimes.manifest': manifestWith(1) }
    case 'restored':
      return { ...shortLives, 'runtimes.manifest': manifestWith(0), 'images.stemsPerImage': '0' }
    default:
      return name satisfies never
  }
}

/** Starts the server of an arm; it ends with `shutdown`. */
export async function startArm(shutdown: Shutdown, name: ArmName, folder: string): Promise<Server> {
  const network = firstNetwork + armNames.indexOf(name)
  return shutdown.own(name, await startServer({ name, folder, network, settings: armSettings(name) }))
}

/** The product's own kinds, each that has stem cells with `count` of the memory that the functions have. */
function manifestWith(count: number): string {
  const manifest = JSON.parse(readFileSync('runtimes/runtimes.json', 'utf8')) as {
    readonly runtimes: Readonly<Record<string, readonly object[]>>
  }
  const stemCells = [{ initialCount: count, memory: `${functionMemoryMb} MB` }]
  const runtimes = Object.entries(manifest.runtimes).map(([family, kinds]) => [
    family,
    kinds.map(({ ...kind }) => ('stemCells' in kind ? { ...kind, stemCells: count === 0 ? [] : stemCells } : kind)),
  ])
  return JSON.stringify({ ...manifest, runtimes: Object.fromEntries(runtimes) })
}
