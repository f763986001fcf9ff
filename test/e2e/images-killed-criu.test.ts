import { readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import type { FirstRun } from '../support/functions.ts'
import { type ImageServer, imagesOfOne, usesOneNode, withImageServer } from '../support/image-server.ts'
import { processesOf } from '../support/instance-processes.ts'

const images = imagesOfOne.filter(({ kind }) => kind === 'nodejs:20')
const settings = { 'images.stemsPerImage': '0' }
const options = { kind: 'nodejs:20' }

describe('a server with images of CRIU', function () {
  this.timeout(90_000)

  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })

  it('loses no activation when CRIU is killed while it restores, and restores again', () =>
    withImageServer({ images, settings }, async (server) => {
      await fromImage(server)
      const runs = batch(server)
      await eventually('a CRIU that restores', () => killCriu(server.instance))
      await succeed(runs)
      await fromImage(server)
    }))

  it('starts functions without a checkpoint whose files are damaged, and makes another', () =>
    withImageServer({ images, settings }, async (server) => {
      await fromImage(server)
      const folder = join('/run/warmwhisk', server.instance, 'images')
      const damaged = checkpoints(folder)
      for (const file of damaged) truncateSync(file, 10)
      await succeed(batch(server))
      await fromImage(server)
      expect(checkpoints(folder)).to.not.include.members(damaged)
    }))

  it('starts functions without images where their tmpfs is full', () =>
    withImageServer({ images, settings: { ...settings, 'images.budgetMb': '2m' } }, async (server) => {
      await succeed(batch(server))
      const all = await Promise.all(batch(server))
      expect(all.filter(({ result }) => result.here)).to.deep.equal([])
    }))
})

function fromImage({ guest }: ImageServer): Promise<FirstRun> {
  return guest.until('a start from the image', {
    ...{ code: usesOneNode, options },
    is: ({ engine, result }) => engine === 'criu' && result.here === true,
  })
}

function batch({ guest }: ImageServer): readonly Promise<FirstRun>[] {
  return Array.from({ length: 8 }, () => guest.first(usesOneNode, options))
}

async function succeed(runs: readonly Promise<FirstRun>[]): Promise<void> {
  for (const { status, result } of await Promise.all(runs)) {
    expect({ status, ...result }).to.include({ status: 'success', version: 1 })
  }
}

/** The files of memory below a folder. */
function checkpoints(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true }).map(String)
  return names.filter((name) => /core-\d+\.img$/.test(name)).map((name) => join(folder, name))
}

/** Kills the CRIU that runs in a container of an invoker, if there is one; gives whether. */
function killCriu(instance: string): boolean {
  const criu = processesOf(instance).filter(({ command }) => command.includes('--restore-sibling'))
  for (const { pid } of criu) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }
  return criu.length > 0
}
