import { Engines } from '../../invoker/images/build/engines.ts'
import { Recipes } from '../../invoker/images/build/recipes.ts'
import { Shelf } from '../../invoker/images/shelf/shelf.ts'
import { Knowledge } from '../../invoker/images/store/knowledge.ts'
import { aLog } from './a-log.ts'
import { aManifest } from './a-manifest.ts'
import { aRecipe, type SomeImport } from './a-recipe.ts'
import { FakeClock } from './fake-clock.ts'
import { FakeImageEngine, FakeInventory, FakeLiveImage } from './fake-image-engine.ts'

/** Parts of a WarmSwap that others are tested with: `python:3` is known and has an engine that works. Stop its shelf. */
export async function imageParts() {
  const clock = new FakeClock()
  const log = aLog()
  const engine = new FakeImageEngine()
  const inventory = new FakeInventory()
  const engines = new Engines({ engines: [engine], log })
  await engines.probe(async () => undefined)
  const knowledge = new Knowledge(aManifest())
  knowledge.setInventory(await inventory.of('python:3'))
  const recipes = new Recipes({ knowledge, engines, machine: inventory.machine })
  const ignore = () => undefined
  const shelf = new Shelf({ clock, log, budgetBytes: 1e9, onChange: ignore, onDeparture: ignore })
  /** Puts a live image of these modules on the shelf. */
  const put = async (namespace: string, ...modules: readonly SomeImport[]) => {
    const image = new FakeLiveImage(await aRecipe(...modules), engine)
    return await shelf.add(image, { namespace, isPinned: false, savedSecondsPerDay: 0 })
  }
  return { clock, log, engine, inventory, engines, knowledge, recipes, shelf, put }
}

/** What {@link imageParts} gives. */
export type ImageParts = Awaited<ReturnType<typeof imageParts>>
