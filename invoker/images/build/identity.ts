import { createHash } from 'node:crypto'
import {
  type Distribution,
  type EngineName,
  type ImageIdentity,
  type ImageRecipe,
  imageFormat,
  type TimedImport,
} from '../../domain/dependency-image.ts'
import { Fault } from '../../faults/fault.ts'
import { compareText } from '../../lib/compare-text.ts'
import type { BuildInventory, Inventory } from '../../ports/inventory.ts'
import { withRequirements } from '../advise/requirements.ts'

/** What an image is to hold, and where. */
export interface RecipeRequest {
  readonly inventory: BuildInventory
  readonly machine: Inventory['machine']
  readonly engine: EngineName
  /** In the order in which they are to be imported. None: the base image. */
  readonly imports: readonly TimedImport[]
}

/** SHA-256, in hexadecimal, of an identity in a canonical form: the order of its distributions does not matter. */
export function imageId(identity: ImageIdentity): string {
  const { kind, runtimeBuild, architecture, cpu, engine, format } = identity
  const distributions = inOrder(identity.distributions).map(({ name, version, record }) => [name, version, record])
  const canonical = JSON.stringify([format, engine, kind, runtimeBuild, architecture, cpu, distributions])
  return createHash('sha256').update(canonical).digest('hex')
}

/**
 * How to build an image of these imports. Its distributions are theirs and all that those require, since a change of any of them
 * on disk makes the image a wrong one. A module that is there twice is imported once, at its first place.
 * @throws Fault IMAGE_BUILD when a distribution is not in the runtime build; it says where to add it.
 */
export function recipeFor({ inventory, machine, engine, imports }: RecipeRequest): ImageRecipe {
  const names = withRequirements(
    imports.map(({ distribution }) => distribution),
    inventory,
  )
  const identity: ImageIdentity = {
    kind: inventory.kind,
    runtimeBuild: inventory.runtimeBuild,
    distributions: names.map((name) => installed(name, inventory)),
    architecture: machine.architecture,
    cpu: machine.cpu,
    engine,
    format: imageFormat,
  }
  const once = new Map<string, TimedImport>()
  for (const one of imports) if (!once.has(one.module)) once.set(one.module, one)
  return { id: imageId(identity), identity, imports: [...once.values()] }
}

function installed(name: string, inventory: BuildInventory): Distribution {
  const distribution = inventory.distributions.get(name)
  if (distribution !== undefined) return distribution
  throw new Fault('IMAGE_BUILD', `"${name}" is not in the runtime build of "${inventory.kind}": ${inventory.howToAdd}`)
}

function inOrder(distributions: readonly Distribution[]): readonly Distribution[] {
  return distributions.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.version, b.version))
}
