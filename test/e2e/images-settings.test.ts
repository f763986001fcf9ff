import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import type { FunctionUser } from '../support/functions.ts'
import { imagesOf } from '../support/image-command.ts'
import { imagesOfOne, usesOne, usesOneNode, withImageServer } from '../support/image-server.ts'
import { processesInside, processesOf, templatesOf } from '../support/instance-processes.ts'

/** Adds which PID namespace the code runs in. */
const whereOne = usesOne.replace('{"version"', '{"where": __import__("os").stat("/proc/self/ns/pid").st_ino, "version"')

describe('settings of images', function () {
  this.timeout(90_000)

  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })

  it('off: functions start as ever, without a template, a checkpoint or a word of it', () =>
    withImageServer({ images: imagesOfOne, settings: { 'images.isEnabled': 'off' } }, async ({ guest, instance }) => {
      for (const [kind, code] of [
        ['python:3', usesOne],
        ['nodejs:20', usesOneNode],
      ] as const) {
        const { start, status, result } = await guest.first(code, { kind })
        expect({ start, status, ...result }).to.deep.equal({ start: '', status: 'success', version: 1, here: false })
      }
      expect(templatesOf(instance)).to.deep.equal([])
      expect(processesOf(instance).filter(({ command }) => /template|criu/.test(command))).to.deep.equal([])
      expect(existsSync(join('/run/warmwhisk', instance, 'images'))).to.equal(false)
    }))

  it('sharing=namespace: each namespace has templates of its own, and no other uses them', () =>
    withImageServer({ images: imagesOfOne, settings: { 'images.sharing': 'namespace' } }, async (server) => {
      const users = [await server.newUser(), await server.newUser()]
      const parents = [await parentsOf(users[0]), await parentsOf(users[1]), await parentsOf(users[0])]
      expect(parents[0]).to.equal(parents[2])
      expect(parents[0]).to.not.equal(parents[1])
      const templates = templatesOf(server.instance).map(({ pid }) => pid)
      expect(templates).to.include.members([parents[0], parents[1]])
    }))

  it('buildMemory and buildTimeout: what cannot be built within them is said, and holds no activation up', () =>
    withImageServer(
      {
        images: [...imagesOfOne.slice(0, 1), ...['eats_much', 'never_ends'].map(pinned)],
        settings: { 'images.buildMemoryMb': '96m', 'images.buildTimeoutMs': '3s' },
        fill: async (packages) => {
          await packages.python('eats_much', 'kept = bytearray(512 * 1024 * 1024)\n')
          await packages.python('never_ends', 'import threading\nthreading.Event().wait()\n')
        },
      },
      async ({ guest, dataDir, instance }) => {
        const image = imagesOf(dataDir)
        await guest.until('a start from the image', { code: usesOne, is: ({ result }) => result.here === true })
        const failed = async (name: string): Promise<string> => {
          let reason = ''
          await eventually(`the reason for ${name}`, async () => {
            await guest.first(usesOne)
            const rows = JSON.parse((await image('list', '--json')).printed) as readonly {
              readonly packages: readonly string[]
              readonly state: string
              readonly reason?: string
            }[]
            const row = rows.find(({ packages }) => packages.some((one) => one.startsWith(name)))
            reason = row?.state === 'failed' ? (row.reason ?? '') : ''
            return reason !== ''
          })
          return reason
        }
        expect(await failed('eats-much')).to.match(/memory/i)
        expect(await failed('never-ends')).to.match(/3000 ms|time/i)
        const { status, result } = await guest.first(usesOne)
        expect({ status, ...result }).to.include({ status: 'success', version: 1, here: true })
        expect(templatesOf(instance).length).to.be.at.most(3)
      },
    ))
})

function pinned(name: string) {
  return { kind: 'python:3', packages: [name.replace('_', '-')] }
}

/** The template that a user's function was forked from. */
async function parentsOf(user: FunctionUser | undefined): Promise<number> {
  const run = await user?.until('a start from the image', { code: whereOne, is: ({ result }) => result.here === true })
  const inside = processesInside(Number(run?.result.where))
  const parents = inside.map((pid) => Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]))
  return parents.find((parent) => readFileSync(`/proc/${parent}/cmdline`, 'utf8').includes('template.py')) ?? 0
}
