import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect } from 'chai'
import { aLog } from '../support/a-log.ts'
import { eventually } from '../support/eventually.ts'
import { kafkaBroker } from '../support/kafka.ts'
import { aKafkaMessaging } from '../support/kafka-messaging.ts'
import { tempDirectory } from '../support/temp-directory.ts'

const root = path.resolve(import.meta.dirname, '../..')
const program = path.join(root, 'test/support/kafka-member-program.ts')

describe('KafkaMessaging after the process was killed', () => {
  it('gets at once what the dead one had taken, not when its session is over', async () => {
    const { hosts } = await kafkaBroker()
    const directory = await tempDirectory()
    const topic = `killed-${crypto.randomUUID()}`
    const log = aLog()
    const messaging = aKafkaMessaging(hosts, { log, membershipDirectory: directory.path, sessionTimeoutMs: 30_000 })
    await messaging.ensureTopic({ name: topic, retentionMs: 3_600_000 })
    await messaging.send(topic, '1')
    const dead = spawn('node', ['--import', 'tsx', program, hosts, topic, directory.path], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(dead.stdout, 'data')
    dead.kill('SIGKILL')
    await once(dead, 'exit')
    const seen: string[] = []
    const options = { topic, group: topic, maxInFlight: 1, from: 'earliest' } as const
    await messaging.subscribe(options, async ({ offset }) => void seen.push(offset))
    await eventually('the message, long before the session of 30 s is over', () => seen.length === 1, 10_000)
    expect(log.lines.map(({ event }) => event)).to.include('left the group for a process that was killed')
    await messaging.stop(AbortSignal.timeout(3000))
    await directory.remove()
  })
})
