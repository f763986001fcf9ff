import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from './is-alive.ts'

/**
 * Where user code itself notes that it ran, which no ack and no record can make up. Its action must run as a plain process:
 * from a container it could not reach the file.
 */
export class Diary {
  readonly #file: string

  constructor(folder: string) {
    this.#file = join(folder, 'diary')
  }

  /** Source of a Node.js action that writes the id of each activation and its own process, then works for `workMs`. */
  action(workMs = 0): string {
    return `
      const { appendFileSync } = require('node:fs')
      async function main({ name }) {
        appendFileSync(${JSON.stringify(this.#file)}, process.env.__OW_ACTIVATION_ID + ' ' + process.pid + '\\n')
        console.log('greeting ' + name)
        await new Promise((resolve) => setTimeout(resolve, ${workMs}))
        return { greeting: 'hi ' + name }
      }`
  }

  /** How often user code began to handle an activation. */
  runsOf(activationId: string): number {
    return this.#entries().filter(([id]) => id === activationId).length
  }

  /** Processes that ran user code and are still there. */
  alive(): readonly number[] {
    return [...new Set(this.#entries().map(([, pid]) => Number(pid)))].filter(isAlive)
  }

  #entries(): readonly (readonly string[])[] {
    if (!existsSync(this.#file)) return []
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' '))
  }
}
