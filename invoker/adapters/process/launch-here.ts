import type { RuntimeLaunch } from '../../domain/runtime-launch.ts'

/** How a runtime starts where nothing can be mounted: the targets of its binds are replaced by their sources, in the command and in the environment. */
export function launchHere(launch: RuntimeLaunch): Pick<RuntimeLaunch, 'command' | 'env'> {
  // The longest target first: one may lie below another.
  const binds = [...launch.binds].sort((one, other) => other.target.length - one.target.length)
  const here = (text: string): string => {
    const bind = binds.find(({ target }) => text === target || text.startsWith(`${target}/`))
    return bind === undefined ? text : bind.source + text.slice(bind.target.length)
  }
  return {
    command: launch.command.map(here),
    env: Object.fromEntries(
      Object.entries(launch.env).map(([name, value]) => [name, value.split(':').map(here).join(':')]),
    ),
  }
}
