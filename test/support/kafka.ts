import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Broker, startBroker } from '../../deploy/kafka/broker.ts'
import { ensureJars } from '../../deploy/kafka/jars.ts'
import { outlivesTests } from './leak-check.ts'

const root = path.resolve(import.meta.dirname, '../..')
const removals: (() => Promise<void>)[] = []
let shared: Promise<Broker> | undefined

/** The one broker of a test run: started at the first call, ended after the last test. */
export async function kafkaBroker(): Promise<{ hosts: string }> {
  shared ??= ownBroker()
  return shared
}

/** A broker of the caller's own, in a directory of its own unless one is given. A test that starts it ends it; the run does so at last. */
export async function ownBroker(
  at: { port?: number; dataDirectory?: string } = {},
): Promise<Broker & { dataDirectory: string }> {
  const toolsDirectory = process.env.WARMWHISK_TOOLS ?? path.join(root, '.warmwhisk', 'tools')
  const jarsDirectory = await ensureJars({ pom: path.join(root, 'deploy/kafka/pom.xml'), toolsDirectory })
  const dataDirectory = at.dataDirectory ?? mkdtempSync(path.join(tmpdir(), 'kafka-test-'))
  const log4jProperties = path.join(root, 'deploy/kafka/log4j.properties')
  const broker = await startBroker({ jarsDirectory, log4jProperties, dataDirectory, port: at.port ?? 0 })
  outlivesTests(broker.pid)
  removals.push(async () => {
    await broker.kill()
    rmSync(dataDirectory, { recursive: true, force: true })
  })
  return { ...broker, dataDirectory }
}

after(async () => {
  await Promise.all(removals.map((remove) => remove()))
})
