import type { Config } from '../../invoker/config/read-config.ts'
import type { Command, CommandOption, Given, Start, Surroundings } from './command.ts'
import { serve } from './serve.ts'
import { settingsFor } from './settings.ts'

/** The programs behind the commands. Each is loaded when it is asked for: `--help` loads none. */
export interface Programs {
  readonly standalone: Start
  readonly invoker: Start
  /** Manages subjects: reads the words behind `warmwhisk user`, gives the exit code. */
  readonly user: (words: readonly string[], config: Config, around: Surroundings) => Promise<number>
  /** Dependency images of a running server. */
  readonly image: (given: Given, config: Config, around: Surroundings) => Promise<number>
  readonly kafka: (given: Given, around: Surroundings) => Promise<number>
  readonly doctor: (given: Given, around: Surroundings) => Promise<number>
  readonly setup: (given: Given, around: Surroundings) => Promise<number>
}

const dataDir: CommandOption = {
  short: 'd',
  value: 'DIRECTORY',
  says: 'Where actions, activations and subjects are kept (~/.warmwhisk/standalone)',
  sets: 'store.dataDir',
}

/** The commands of `warmwhisk`, in the order of the help. */
export function commandsFor(programs: Programs): readonly Command[] {
  return [
    standalone(programs.standalone),
    invoker(programs.invoker),
    user(programs.user),
    image(programs.image),
    ...tools(programs),
  ]
}

function standalone(start: Start): Command {
  const command: Command = {
    name: 'standalone',
    says: 'Serves the OpenWhisk API on this machine, with everything in one process',
    options: {
      port: { short: 'p', value: 'PORT', says: 'Port of the API (3233)', sets: 'api.port' },
      host: { value: 'ADDRESS', says: 'Address of the API (127.0.0.1)', sets: 'api.host' },
      'data-dir': dataDir,
      manifest: {
        short: 'm',
        value: 'FILE',
        says: "Runtimes manifest in OpenWhisk's format",
        sets: 'runtimes.manifest',
      },
    },
    run: (given, around) => {
      const config = settingsFor('standalone', { command, given, around })
      return serve(() => start(config, around), { graceMs: config.drain.graceMs, signals: around.signals })
    },
  }
  return command
}

/** The arguments are OpenWhisk's (protocol reference 4.1). Ids are not taken from ZooKeeper: `--id` or `--overwriteId` gives it. */
function invoker(start: Start): Command {
  const command: Command = {
    name: 'invoker',
    says: 'Joins an OpenWhisk deployment as one of its invokers',
    options: {
      overwriteId: { value: 'N', says: 'Its number where --id is not given', sets: 'invoker.id' },
      id: { value: 'N', says: 'Its number: it consumes the topic invoker<N>', sets: 'invoker.id' },
      uniqueName: { value: 'NAME', says: 'Its unique name', sets: 'invoker.uniqueName' },
      displayedName: { value: 'NAME', says: 'Its name for people', sets: 'invoker.displayedName' },
    },
    run: (given, around) => {
      const config = settingsFor('invoker', { command, given, around })
      return serve(() => start(config, around), { graceMs: config.drain.graceMs, signals: around.signals })
    },
  }
  return command
}

function user(run: Programs['user']): Command {
  const command: Command = {
    name: 'user',
    says: "Manages subjects of standalone, as OpenWhisk's wskadmin does",
    words: 'create|get|list|delete|limits …',
    options: { 'data-dir': dataDir },
    passesOptions: true,
    run: (given, around) => run(given.words, settingsFor('standalone', { command, given, around }), around),
  }
  return command
}

function image(run: Programs['image']): Command {
  const command: Command = {
    name: 'image',
    says: 'Lists, shows, builds and removes dependency images of a running server, and advises which to build',
    words: 'list|show ID|build PACKAGE...|remove ID|advise',
    wordsSay: [
      ['list', 'All images, with what they take and how often they were restored'],
      [
        'show ID',
        'One image: what it holds, how long each import takes, where it is; an id may be cut to its beginning',
      ],
      ['build PACKAGE...', 'Builds an image of packages of the runtime build, such as: --kind python:3 numpy pandas'],
      ['remove ID', 'Drops an image and forgets it; what needs it may have it built again'],
      ['advise', 'What would be built for the load seen so far, and what it would save'],
    ],
    options: {
      kind: {
        short: 'k',
        value: 'KIND',
        says: 'Kind to build for, such as python:3; without packages its bare runtime',
      },
      namespace: { value: 'NAME', says: 'Whose the image is to be, where images are not shared' },
      modules: { says: 'What is built is named by modules, as code imports them, not by packages' },
      json: { says: 'As JSON' },
      'data-dir': dataDir,
      url: { value: 'URL', says: 'Admin HTTP of a drop-in invoker, with its credentials in the settings' },
    },
    run: (given, around) => run(given, settingsFor('standalone', { command, given, around }), around),
  }
  return command
}

function tools(programs: Programs): readonly Command[] {
  return [
    {
      name: 'doctor',
      says: 'Lists what this machine must have, what it has, and what to do about the rest',
      options: { json: { says: 'As JSON' } },
      run: programs.doctor,
    },
    {
      name: 'setup',
      says: 'Makes something ready that is not needed to run, such as functionbench; without a name lists what there is',
      words: '[NAME]',
      options: {},
      run: programs.setup,
    },
    {
      name: 'kafka',
      says: 'Starts a Kafka broker on loopback, for trying out and for tests',
      options: {
        port: { value: 'PORT', says: 'Its port (9092)' },
        'data-dir': { value: 'DIRECTORY', says: 'Where it keeps its messages; otherwise it keeps none' },
      },
      run: programs.kafka,
    },
  ]
}
