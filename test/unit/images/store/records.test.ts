import { expect } from 'chai'
import { Fault } from '../../../../invoker/faults/fault.ts'
import { Catalog } from '../../../../invoker/images/store/catalog.ts'
import type { CatalogEntry, ProfileEntry } from '../../../../invoker/images/store/entries.ts'
import { Records } from '../../../../invoker/images/store/records.ts'
import type { DocumentStore } from '../../../../invoker/ports/documents.ts'
import { aLog } from '../../../support/a-log.ts'
import { someImports } from '../../../support/a-recipe.ts'
import { eventually } from '../../../support/eventually.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { type PouchDirectory, pouchDirectory } from '../../../support/pouch-directory.ts'

const of = { kind: 'python:3', runtimeBuild: 'build-1' }

function aProfile(codeDigest: string, updatedMs: number, ...modules: readonly string[]): ProfileEntry {
  return { type: 'profile', profile: { codeDigest, ...of, imports: someImports(...modules) }, updatedMs }
}

describe('Records', () => {
  let store: PouchDirectory
  let clock: FakeClock
  let log: ReturnType<typeof aLog>
  let heard: CatalogEntry[]
  let isAway: boolean
  const opened: Records[] = []

  beforeEach(async () => {
    store = await pouchDirectory()
    clock = new FakeClock()
    log = aLog()
    heard = []
    isAway = false
  })

  afterEach(async () => {
    isAway = false
    for (const records of opened.splice(0)) await records.stop(AbortSignal.timeout(5000))
    await store.stop()
  })

  /** The database, which a test may take away. */
  function database(): DocumentStore {
    return new Proxy(store.databases.images, {
      get: (target, name) => {
        if (isAway) return () => Promise.reject(new Fault('STORE_UNAVAILABLE', 'it is away'))
        const found: unknown = Reflect.get(target, name)
        return typeof found === 'function' ? found.bind(target) : found
      },
    })
  }

  function make(): Records {
    const catalog = new Catalog({ database: database(), log })
    const records = new Records({ catalog, clock, log, builds: () => [of], onEntry: (entry) => heard.push(entry) })
    opened.push(records)
    return records
  }

  async function another(entry: CatalogEntry): Promise<void> {
    await new Catalog({ database: store.databases.images, log }).save(entry)
  }

  it('hears at the start what is there, and then what others write', async () => {
    const records = make()
    await another(aProfile('a', 1_000_000, 'torch'))
    await records.start()
    expect(heard).to.have.length(1)
    await another(aProfile('b', 1_000_500, 'torch'))
    clock.pass(10_000)
    await eventually('it is heard', () => heard.some((one) => one.type === 'profile' && one.profile.codeDigest === 'b'))
  })

  it('hears what a writer wrote whose clock is a little behind', async () => {
    const records = make()
    await another(aProfile('a', 1_000_000, 'torch'))
    await records.start()
    await another(aProfile('b', 1_000_000 - 30_000, 'torch'))
    clock.pass(10_000)
    await eventually('it is heard', () => heard.some((one) => one.type === 'profile' && one.profile.codeDigest === 'b'))
  })

  it('keeps what cannot be written, merged, and says once that the database is away and that it is back', async () => {
    const records = make()
    await records.start()
    isAway = true
    records.save(aProfile('a', 1, 'torch'))
    await eventually('that is said', () => log.lines.length === 1)
    records.save(aProfile('a', 2, 'numpy'))
    clock.pass(30_000)
    isAway = false
    clock.pass(30_000)
    const find = async () => (await store.databases.images.get('profile/python:3/build-1/a'))?.imports
    await eventually('it is written', async () => {
      clock.pass(10_000)
      return (await find()) !== undefined
    })
    expect(await find()).to.have.length(2)
    await eventually('that is said', () => log.lines.length === 2)
    expect(log.lines.map(({ event }) => event)).to.deep.equal([
      'database of images unavailable: images go on from memory',
      'database of images is back',
    ])
  })

  it('makes the database again that somebody removed', async () => {
    const records = make()
    await records.start()
    const views = await store.databases.images.get('_design/images.v1')
    await store.databases.images.remove('_design/images.v1', views?._rev ?? '')
    await eventually('the views are there', async () => {
      clock.pass(10_000)
      return (await store.databases.images.get('_design/images.v1')) !== undefined
    })
  })

  it('writes at the end what waits', async () => {
    const records = make()
    await records.start()
    records.save(aProfile('a', 1, 'torch'))
    await records.stop(AbortSignal.timeout(5000))
    expect(await store.databases.images.get('profile/python:3/build-1/a')).to.not.equal(undefined)
    expect(clock.timers).to.equal(0)
  })
})
