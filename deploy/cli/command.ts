import type { Environment } from '../../invoker/config/openwhisk.ts'
import type { Config } from '../../invoker/config/read-config.ts'

/** An option of a command. */
export interface CommandOption {
  /** One letter, for `-p`. */
  readonly short?: string
  /** Name of its value in the help, such as `PORT`; absent for a switch. */
  readonly value?: string
  readonly says: string
  /** The setting that its value sets, such as `api.port`. */
  readonly sets?: string
}

/** What a command was given. */
export interface Given {
  readonly options: Readonly<Record<string, string | true>>
  readonly words: readonly string[]
}

/** Around a command: where the checkout is, the environment, where to write. */
export interface Surroundings {
  /** The folder with package.json, runtimes/ and deploy/. */
  readonly root: string
  readonly env: Environment
  /** Where signals arrive: the process, but for tests. */
  readonly signals: NodeJS.EventEmitter
  readonly print: (text: string) => void
  readonly complain: (text: string) => void
  /** Where a line may be written over again; absent where no person watches. */
  readonly terminal?: { readonly columns: number; write(text: string): unknown }
}

/** A command of `warmwhisk`. */
export interface Command {
  readonly name: string
  readonly says: string
  /** What may stand behind the options, for the help; a command without takes no words. */
  readonly words?: string
  /** What these words do, for the help: each with its sentence. */
  readonly wordsSay?: readonly (readonly [words: string, says: string])[]
  readonly options: Readonly<Record<string, CommandOption>>
  /** Whether options that are not declared are words too: the program behind the command reads them. */
  readonly passesOptions?: boolean
  /** Does it; gives the exit code. */
  run(given: Given, around: Surroundings): Promise<number>
}

/** Something that serves until it is stopped. */
export interface Running {
  /** Ends what runs, within the time; later calls do nothing more. */
  stop(graceMs: number): Promise<void>
  /** Resolves when it ended by itself, which it should not. */
  readonly ended?: Promise<void>
}

/** Starts a server with a configuration. */
export type Start = (config: Config, around: Surroundings) => Promise<Running>

/** The user asked for something that does not exist: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
