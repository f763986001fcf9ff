import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Group, Replay, type Verdict } from '../support/replay.ts'
import { subjectCommands } from '../support/subjects.ts'
import { withServer } from '../support/whole-server.ts'

const recorded = join(import.meta.dirname, '../support/recorded')
const folder = join(recorded, 'rest')

/** Ids that need what this server has not yet, with the reason of each. */
const excluded = JSON.parse(readFileSync(join(recorded, 'excluded.json'), 'utf8')) as Readonly<Record<string, string>>

/** How the controller was set up that the recordings come from. */
const asRecorded = {
  settings: {
    'runtimes.manifest': readFileSync(join(recorded, 'runtimes-manifest.json'), 'utf8'),
    'invoker.uniqueName': 'real0',
    'throttles.invocationsPerMinute': '600',
    'throttles.concurrentInvocations': '60',
    'throttles.firesPerMinute': '600',
  },
  build: { date: 'now', number: 'dev' },
}

/** Differences that are right: each has its reason in docs/compatibility.md. */
const documented = readFileSync(join(import.meta.dirname, '../../docs/compatibility.md'), 'utf8')

describe('the REST API against recordings of the real controller', () => {
  it('answers like it, but for the differences that docs/compatibility.md lists', async function () {
    this.timeout(300_000)
    const verdicts = await withServer(asRecorded, async (server) => {
      for (const words of subjectCommands) await server.user(words)
      return replayAll(server.url)
    })
    const judged = verdicts.filter(({ id }) => excluded[id] === undefined)
    const different = judged.filter(({ difference }) => difference !== undefined)
    const report = different.map(({ id, difference }) => `${id} ${difference}`).join('\n')
    expect(
      different.filter(({ id }) => !documented.includes(`\`${id}\``)),
      report,
    ).to.deep.equal([])
    expect(different.length / judged.length, report).to.be.at.most(0.02)
    const headers = judged.filter(({ headerDifference }) => headerDifference !== undefined)
    console.log(
      `      ${judged.length - different.length} of ${judged.length} equal, headers of ${judged.length - headers.length}`,
    )
  })

  it('leaves out only exchanges that are recorded, each with its reason', () => {
    const ids = new Set(groups().flatMap(({ exchanges }) => exchanges.map(({ id }) => id)))
    expect(Object.keys(excluded).filter((id) => !ids.has(id))).to.deep.equal([])
    expect(Object.values(excluded).every((reason) => reason.length > 20)).to.equal(true)
  })
})

async function replayAll(url: string): Promise<readonly Verdict[]> {
  const replay = new Replay(url)
  try {
    const verdicts: Verdict[] = []
    for (const group of groups()) verdicts.push(...(await replay.run(group)))
    return verdicts
  } finally {
    replay.close()
  }
}

function groups(): readonly Group[] {
  const files = readdirSync(folder).sort()
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Group)
}
