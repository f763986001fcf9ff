import path from 'node:path'
import { type Config, readConfig } from '../../../invoker/config/read-config.ts'
import { isFault } from '../../../invoker/faults/fault.ts'
import type { Given, Surroundings } from '../command.ts'
import { discoverKinds, kindDiagnoses } from './kinds.ts'
import { thisMachine } from './machine.ts'
import { exitCodeOf, reportJson, reportText } from './report.ts'
import type { Diagnosis, Patient, Thing } from './thing.ts'
import { kernelThings } from './things-kernel.ts'
import { programThings } from './things-programs.ts'
import { serviceThings } from './things-services.ts'

/** `warmwhisk doctor`: exit code 1 when something needed is missing. */
export async function runDoctor(given: Given, around: Surroundings): Promise<number> {
  const { config, problem } = settings(around)
  const toolsDirectory = around.env.WARMWHISK_TOOLS || path.join(around.root, '.warmwhisk', 'tools')
  const patient = { machine: thisMachine, config, root: around.root, toolsDirectory }
  const things = [...kernelThings, ...programThings, ...serviceThings(config)]
  const diagnoses = [...problem, ...(await diagnose(things, patient)), ...(await kinds(patient))]
  around.print(given.options.json ? reportJson(diagnoses) : reportText(diagnoses))
  return exitCodeOf(diagnoses)
}

/** Asks for every thing, all at once. */
export function diagnose(things: readonly Thing[], patient: Patient): Promise<readonly Diagnosis[]> {
  return Promise.all(
    things.map(async ({ probe, ...thing }) => {
      return { ...thing, ...(await probe(patient)) }
    }),
  )
}

async function kinds({ config, root }: Patient): Promise<readonly Diagnosis[]> {
  try {
    return kindDiagnoses(await discoverKinds(config, root))
  } catch (error) {
    if (!isFault(error, 'SETTINGS_WRONG')) throw error
    return [wrong('runtimes manifest', error.message)]
  }
}

/** The settings; wrong ones are a finding, and the rest is looked at with the defaults. */
function settings({ env }: Surroundings): { readonly config: Config; readonly problem: readonly Diagnosis[] } {
  try {
    return { config: readConfig(env, { mode: 'standalone' }), problem: [] }
  } catch (error) {
    if (!isFault(error, 'SETTINGS_WRONG')) throw error
    return { config: readConfig({}, { mode: 'standalone' }), problem: [wrong('settings', error.message)] }
  }
}

function wrong(what: string, found: string): Diagnosis {
  return { what, found, isThere: false, isNeeded: true, without: 'nothing starts', remedy: 'See docs/configuration.md' }
}
