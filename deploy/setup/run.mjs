import { spawnSync } from 'node:child_process'

/**
 * Runs a program to its end. What it prints is shown only when it fails.
 * @param {string} doing what is attempted, for the message: "install the npm packages"
 * @param {string[]} command
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @throws {Error} when it cannot start or fails
 */
export function run(doing, [program, ...args], options = {}) {
  const child = spawnSync(program, args, {
    ...options,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  })
  if (child.status === 0) return
  const how = child.error
    ? child.error.message
    : `"${[program, ...args].join(' ')}" ended with ${child.status ?? child.signal}`
  const printed = `${child.stdout ?? ''}${child.stderr ?? ''}`.trim().split('\n').slice(-30).join('\n')
  throw new Error(`Cannot ${doing}: ${how}${printed ? `\n${printed}` : ''}`)
}

/** Says what takes its time. @param {string} text */
export function say(text) {
  process.stderr.write(`warmwhisk: ${text}\n`)
}
