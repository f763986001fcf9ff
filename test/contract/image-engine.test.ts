import { aCriuEngine, aNodeRecipe, aNodeSpec } from '../support/a-criu-engine.ts'
import { aForkEngine, aPythonSpec } from '../support/a-fork-engine.ts'
import { aModuleRecipe } from '../support/a-module-recipe.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { runsScript } from '../support/node-action.ts'
import { runs } from '../support/python-action.ts'
import { imageEngineContract } from './image-engine.contract.ts'

imageEngineContract('ForkEngine', async (context) => {
  const why = whyNoRunc()
  if (why !== undefined) skip(context, why)
  const { engine, factory } = await aForkEngine()
  return {
    engine,
    kind: 'python:3',
    good: aModuleRecipe(['json', 'plain_module']),
    broken: { recipe: aModuleRecipe(['json', 'raises']), word: 'this is not a module' },
    unsuitable: { recipe: aModuleRecipe(['starts_thread']), word: 'thread' },
    endless: aModuleRecipe(['json', 'hangs']),
    aSpec: () => aPythonSpec(),
    answers: async (container) => (await runs(container, 'result = 6 * 7')) === 42,
    release: () => factory.stop(),
  }
})

imageEngineContract('CriuEngine', async (context) => {
  const why = whyNoRunc()
  if (why !== undefined) skip(context, why)
  const { engine, factory } = await aCriuEngine()
  return {
    engine,
    kind: 'nodejs:20',
    good: aNodeRecipe('plain-package', 'builds-on-plain'),
    broken: { recipe: aNodeRecipe('plain-package', 'fails-to-load'), word: 'this is no package' },
    unsuitable: { recipe: aNodeRecipe('opens-a-socket'), word: 'socket' },
    endless: aNodeRecipe('plain-package', 'hangs-forever'),
    aSpec: () => aNodeSpec(),
    answers: async (container) => (await runsScript(container, 'return 6 * 7')) === 42,
    release: () => factory.stop(),
  }
})
