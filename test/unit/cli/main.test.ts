import { EventEmitter } from 'node:events'
import path from 'node:path'
import { expect } from 'chai'
import { commandsFor } from '../../../deploy/cli/commands.ts'
import { runLine } from '../../../deploy/cli/main.ts'
import type { Environment } from '../../../invoker/config/openwhisk.ts'
import type { Config } from '../../../invoker/config/read-config.ts'

const root = path.resolve(import.meta.dirname, '../../..')

/** Runs a line with programs that do nothing but remember; the servers are asked to stop as soon as they run. */
async function line(args: readonly string[], env: Environment = {}) {
  const signals = new EventEmitter()
  const printed: string[] = []
  const complained: string[] = []
  const started: { program: string; config?: Config; words?: readonly string[] }[] = []
  const server = (program: string) => async (config: Config) => {
    started.push({ program, config })
    setImmediate(() => signals.emit('SIGTERM'))
    return { stop: async () => undefined }
  }
  const commands = commandsFor({
    standalone: server('standalone'),
    invoker: server('invoker'),
    user: async (words, config) => started.push({ program: 'user', config, words }) - 1,
    kafka: async () => 7,
    doctor: async () => 8,
    image: async (given, config) => started.push({ program: 'image', config, words: given.words }) - 1,
    setup: async () => 9,
  })
  const around = {
    root,
    env,
    signals,
    print: (text: string) => printed.push(text),
    complain: (text: string) => complained.push(text),
  }
  const code = await runLine(args, { commands, around })
  return { code, printed: printed.join('\n'), complained: complained.join('\n'), started }
}

describe('warmwhisk', () => {
  it('prints its version, that of package.json', async () => {
    const { code, printed } = await line(['--version'])
    expect(code).to.equal(0)
    expect(printed).to.match(/^\d+\.\d+\.\d+$/)
  })

  it('helps: with all commands, and with the options of one', async () => {
    const all = await line(['--help'])
    expect(all.code).to.equal(0)
    for (const name of ['standalone', 'invoker', 'user', 'image', 'doctor', 'setup', 'kafka'])
      expect(all.printed).to.contain(`\n  ${name} `)
    const one = await line(['standalone', '--help'])
    expect(one.printed).to.contain('Usage: warmwhisk standalone [OPTIONS]')
    expect(one.printed).to.contain('--data-dir, -d DIRECTORY')
    expect(one.started).to.deep.equal([])
    const words = await line(['image', '--help'])
    expect(words.printed)
      .to.contain('Usage: warmwhisk image [OPTIONS] list|show ID|build')
      .and.to.contain('\n  advise ')
  })

  it('shows the help and exits with 2 when no command is given', async () => {
    expect(await line([])).to.include({ code: 2 })
  })

  it('exits with 2 for an unknown word, an unknown option, and an option before the command', async () => {
    expect(await line(['standalon'])).to.include({ code: 2 })
    expect((await line(['invoker', '--ID', '1'])).complained).to.contain('did you mean "--id"?')
    expect(await line(['invoker', '--ID', '1'])).to.include({ code: 2 })
    expect(await line(['--port', '1', 'standalone'])).to.include({ code: 2 })
  })

  it('starts standalone with its options above the environment, and stops it on SIGTERM', async () => {
    const { code, started } = await line(['standalone', '--port', '3299', '-d', '/tmp/x'], { WARMWHISK_API_PORT: '1' })
    expect(code).to.equal(0)
    expect(started[0]?.config?.api.port).to.equal(3299)
    expect(started[0]?.config?.store.dataDir).to.equal('/tmp/x')
  })

  it("takes the arguments of OpenWhisk's invoker; blank ones count as absent", async () => {
    const env = {
      KAFKA_HOSTS: 'k:9092',
      WHISK_API_HOST_NAME: 'api',
      RUNTIMES_MANIFEST: '{}',
      CONFIG_whisk_couchdb_host: 'couch',
    }
    const args = ['invoker', '--id', '3', '--uniqueName', 'worker-3', '--displayedName', ' ', '--overwriteId', '']
    const { started } = await line(args, env)
    expect(started[0]?.config?.invoker).to.include({ id: 3, uniqueName: 'worker-3' })
    expect(started[0]?.config?.invoker.displayedName).to.equal(undefined)
    expect((await line(['invoker', '--overwriteId', '4'], env)).started[0]?.config?.invoker.id).to.equal(4)
    expect((await line(['invoker', '--overwriteId', '4', '--id', '5'], env)).started[0]?.config?.invoker.id).to.equal(5)
  })

  it('exits with 1 and every problem when settings are wrong, and starts nothing', async () => {
    const { code, complained, started } = await line(['standalone', '--port', 'high'], { PORT: 'low' })
    expect(code).to.equal(1)
    expect(complained).to.contain('--port: "high"').and.to.contain('PORT: "low"')
    expect(started).to.deep.equal([])
  })

  it('shows the right line when npm kept the options', async () => {
    const env = { npm_lifecycle_event: 'start', npm_config_port: '3234' }
    const { code, complained, started } = await line(['standalone'], env)
    expect(code).to.equal(2)
    expect(complained).to.contain('npm start -- --port 3234')
    expect(started).to.deep.equal([])
  })

  it('gives the words behind "user" to the program that manages subjects', async () => {
    const { started } = await line(['user', '--data-dir', '/tmp/x', 'create', 'anna', '--auth', 'a:b'])
    expect(started[0]).to.deep.include({ program: 'user', words: ['create', 'anna', '--auth', 'a:b'] })
    expect(started[0]?.config?.store.dataDir).to.equal('/tmp/x')
  })

  it('gives the exit code of a program', async () => {
    expect([(await line(['kafka'])).code, (await line(['doctor'])).code]).to.deep.equal([7, 8])
  })

  it('reads a runtimes manifest from a file, and says when it cannot', async () => {
    const file = path.join(root, 'package.json')
    expect((await line(['standalone', '-m', file])).started[0]?.config?.runtimes.manifest).to.have.property('name')
    expect((await line(['standalone', '-m', '/nowhere'])).complained).to.contain(
      'Cannot read the runtimes manifest "/nowhere"',
    )
  })
})
