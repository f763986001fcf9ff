import { launchFor, type RuntimeLaunch, runtimesTarget } from '../../domain/runtime-launch.ts'

const program = `${runtimesTarget}/python/main.py`
const templateProgram = `${runtimesTarget}/python/template.py`

/** One thread: others do not survive a fork. Libraries that compute start as many as there are processors, unless they are told. */
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }

/** Whether a runtime has a template: it is ours, in Python. */
export function hasTemplate(launch: RuntimeLaunch): boolean {
  return launch.command.includes(program)
}

/** How the template of such a runtime starts: the same interpreter, environment and files, another program. */
export function templateLaunch(launch: RuntimeLaunch, memoryMb: number): RuntimeLaunch {
  const { command, ...rest } = launchFor(launch, memoryMb)
  return {
    ...rest,
    command: command.map((word) => (word === program ? templateProgram : word)),
    env: { ...launch.env, ...oneThread },
  }
}
