import { parseArgs } from 'node:util'
import { Shutdown } from '../../../invoker/lib/shutdown.ts'
import { benchFactory } from '../lib/factory.ts'
import { benchFolder } from '../lib/folder.ts'
import { publish } from '../lib/publish.ts'
import { type ArmName, type Arms, armNames, startArm, startOf } from './arms.ts'
import { awaitImages } from './await-images.ts'
import { dependencies } from './dependencies.ts'
import { dependencyFigures, functionFigures, stacksOf, stockFigure } from './figures.ts'
import { type BenchFunction, benchFunctions } from './functions.ts'
import { fullPlan, type Plan, quickPlan } from './plan.ts'
import { type FunctionSamples, sample } from './samples.ts'
import { firstRun, firstRunBy } from './start.ts'
import { stemFigures } from './stems.ts'

const compared: readonly ArmName[] = ['cold', 'prewarmed', 'ours']

/**
 * `npm run bench:cold`: first runs of functions that were never seen before, with dependency images against OpenWhisk's cold path and
 * its prewarmed stem cells, which are this product's own with images switched off: the same factory, runtimes, machine and run.
 * `--quick` only tries it; so do `--only NAME` (may be repeated), which takes some functions, and `--rounds N`.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
    },
  })
  const usual = values.quick ? quickPlan : fullPlan
  const rounds = Number(values.rounds ?? usual.rounds)
  const stems = { ...usual.stems, rounds: Math.min(usual.stems.rounds, rounds) }
  const plan = { ...usual, rounds, stems }
  const functions = benchFunctions(values.only ?? plan.only)
  // What it imports is in every process of its kind: only the exchange is compared.
  const [lightest] = benchFunctions(['float-operation'])
  if (lightest === undefined) throw new Error('Cannot compare warm stem cells: there is no float-operation')
  const shutdown = new Shutdown()
  try {
    const arms = await startArms(shutdown)
    await prepare(arms, [...functions, lightest], plan)
    const samples = await measure(arms, functions, plan)
    const own = samples.filter((one) => one.function !== dependencies)
    const factory = await benchFactory()
    shutdown.own('factory', factory)
    const stems = await stemFigures({ server: arms.ours, factory, function: lightest, plan })
    await publish({
      name: 'cold',
      title: 'First run of a new function',
      baseline: 'the other way',
      figures: [
        ...samples.filter((one) => one.function === dependencies).flatMap(dependencyFigures),
        ...functionFigures(own),
        ...stems,
        stockFigure(samples),
      ],
      stacks: [...stacksOf(samples)],
      isQuick: usual !== fullPlan || values.only !== undefined || values.rounds !== undefined,
    })
  } finally {
    await shutdown.stop(60_000)
  }
}

async function startArms(shutdown: Shutdown): Promise<Arms> {
  const folder = benchFolder()
  const entries: [ArmName, Arms[ArmName]][] = []
  for (const name of armNames) entries.push([name, await startArm(shutdown, name, folder)])
  return Object.fromEntries(entries) as Record<ArmName, Arms[ArmName]>
}

async function prepare(arms: Arms, functions: readonly BenchFunction[], plan: Plan): Promise<void> {
  const targets = [
    { server: arms.restored, functions: [dependencies], wanted: 'restored' },
    { server: arms.ours, functions: [dependencies, ...functions], wanted: 'warm-stem-cell' },
  ]
  for (const { server, functions: of, wanted } of targets) {
    const missing = await awaitImages(server, of, { wanted, plan })
    if (missing.length > 0) console.error(`without an image: ${missing.join(', ')}`)
  }
}

/** Every function in the three arms, the dependencies alone in all four. */
function measure(arms: Arms, functions: readonly BenchFunction[], plan: Plan): Promise<readonly FunctionSamples[]> {
  return sample({
    rounds: plan.rounds,
    of: [{ function: dependencies, arms: armNames }, ...functions.map((each) => ({ function: each, arms: compared }))],
    run: (arm, of) => firstRunBy(startOf[arm], () => firstRun(arms[arm], of, plan.silence)),
    onRound: (index) => console.error(`round ${index + 1} of ${plan.rounds}`),
  })
}

await main()
