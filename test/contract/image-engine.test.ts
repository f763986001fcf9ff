import { aForkEngine, aPythonSpec } from '../support/a-fork-engine.ts'
import { aRecipe } from '../support/a-recipe.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { runs } from '../support/python-action.ts'
import { imageEngineContract } from './image-engine.contract.ts'

imageEngineContract('ForkEngine', async (context) => {
  const why = whyNoRunc()
  if (why !== undefined) skip(context, why)
  const { engine, factory } = await aForkEngine()
  return {
    engine,
    kind: 'python:3',
    good: aRecipe(['json', 'plain_module']),
    broken: { recipe: aRecipe(['json', 'raises']), word: 'this is not a module' },
    unsuitable: { recipe: aRecipe(['starts_thread']), word: 'thread' },
    endless: aRecipe(['json', 'hangs']),
    aSpec: () => aPythonSpec(),
    answers: async (container) => (await runs(container, 'result = 6 * 7')) === 42,
    release: () => factory.stop(),
  }
})
