import type { Readable } from 'node:stream'
import type { ProcessEnd } from '../../domain/process-end.ts'
import type { TemplateProcess } from '../../ports/empty-containers.ts'
import type { ControlGroup } from '../../ports/kernel.ts'

/** How much of what it prints is kept, in characters. */
const LAST_WORDS = 4096

/** The parts of a started template. `remove` ends every process of its container and removes it. */
export interface TemplateParts {
  readonly pid: number
  readonly ended: Promise<ProcessEnd>
  readonly cgroup: ControlGroup
  readonly output: Readable
  readonly remove: () => Promise<void>
  /** Called once, when everything is gone. */
  readonly onGone: () => void
}

/** A template in a container of its own. */
export class RuncTemplate implements TemplateProcess {
  readonly pid: number
  readonly ended: Promise<ProcessEnd>
  readonly cgroup: ControlGroup
  readonly #parts: TemplateParts
  #printed = ''
  #destroyed: Promise<void> | undefined

  constructor(parts: TemplateParts) {
    this.pid = parts.pid
    this.ended = parts.ended
    this.cgroup = parts.cgroup
    this.#parts = parts
    parts.output.setEncoding('utf8').on('data', (text: string) => {
      this.#printed = (this.#printed + text).slice(-LAST_WORDS)
    })
  }

  lastWords(): string {
    return this.#printed.trim()
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy()
    return this.#destroyed
  }

  async #destroy(): Promise<void> {
    await this.#parts.remove()
    this.#parts.output.destroy()
    this.#parts.onGone()
  }
}
