import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { createConnection } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { ensureJars, installLine } from '../../deploy/kafka/jars.ts'
import { serverProperties } from '../../deploy/kafka/server-properties.ts'
import { eventually } from '../support/eventually.ts'
import { ownBroker } from '../support/kafka.ts'
import { type TempDirectory, tempDirectory } from '../support/temp-directory.ts'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../..')
const tools = process.env.WARMWHISK_TOOLS ?? path.join(root, '.warmwhisk', 'tools')
const program = ['--import', 'tsx', path.join(root, 'test/support/broker-program.ts')]

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

describe('startBroker()', () => {
  let directory: TempDirectory

  beforeEach(async () => {
    directory = await tempDirectory()
  })
  afterEach(() => directory.remove())

  it('answers on its port, stops in order, and starts again on the same data', async () => {
    const broker = await ownBroker({ dataDirectory: directory.path })
    expect(await answers(broker.port)).to.equal(true)
    await broker.stop()
    expect(await answers(broker.port)).to.equal(false)
    const again = await ownBroker({ dataDirectory: directory.path, port: broker.port })
    expect(again.port).to.equal(broker.port)
    await again.kill()
  })

  it('takes the broker away with the process that started it, also when that is killed', async () => {
    const starter = spawn('node', [...program, tools, directory.path], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(starter.stdout, 'data')
    const port = Number(String(line))
    expect(await answers(port)).to.equal(true)
    starter.kill('SIGKILL')
    await once(starter, 'exit')
    await eventually('the port to be free', async () => !(await answers(port)))
  })

  it('shows what the broker said when it does not come up', async () => {
    const first = await ownBroker({ dataDirectory: path.join(directory.path, 'a') })
    const error = await ownBroker({ dataDirectory: path.join(directory.path, 'b'), port: first.port }).catch(
      (reason: unknown) => reason,
    )
    await first.kill()
    expect(String(error), String(error))
      .to.contain(`Cannot start the broker on port ${first.port}`)
      .and.to.contain('Address already in use')
  })

  it('names the line that installs Java, or Maven, where it is missing', async () => {
    const bin = path.join(directory.path, 'bin')
    mkdirSync(bin)
    const fail = async (toolsDirectory: string) => {
      const env = { ...process.env, PATH: bin }
      const failed = await run(process.execPath, [...program, toolsDirectory, directory.path], {
        cwd: root,
        env,
      }).catch((e: unknown) => e)
      return String((failed as { stderr: string }).stderr)
    }
    const none = path.join(directory.path, 'none')
    expect(await fail(none))
      .to.contain('"mvn" does not start')
      .and.to.contain(installLine)
    expect(readdirSync(none)).to.deep.equal([])
    symlinkSync('/usr/bin/setpriv', path.join(bin, 'setpriv'))
    await ensureJars({ pom: path.join(root, 'deploy/kafka/pom.xml'), toolsDirectory: tools })
    expect(await fail(tools))
      .to.contain('"java" does not start')
      .and.to.contain(installLine)
  })
})

describe('serverProperties()', () => {
  it('listens on loopback alone', () => {
    const text = serverProperties({ port: 1, controllerPort: 2, dataDirectory: '/data' })
    const hosts = text.match(/(?:\/\/|@)[^:,\n]+:/g) ?? []
    expect(new Set(hosts)).to.deep.equal(new Set(['//127.0.0.1:', '@127.0.0.1:']))
  })
})
