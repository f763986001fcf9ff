import { expect } from 'chai'
import { Engines } from '../../../../invoker/images/build/engines.ts'
import { RuntimeBuilds } from '../../../../invoker/images/build/runtime-builds.ts'
import { Knowledge } from '../../../../invoker/images/store/knowledge.ts'
import type { Inventory } from '../../../../invoker/ports/inventory.ts'
import { aLog } from '../../../support/a-log.ts'
import { aManifest } from '../../../support/a-manifest.ts'
import { FakeImageEngine, FakeInventory, somePackages } from '../../../support/fake-image-engine.ts'

const kinds = ['nodejs:20', 'python:3']

describe('RuntimeBuilds', () => {
  let inventory: FakeInventory
  let changed: string[]
  let log: ReturnType<typeof aLog>

  beforeEach(() => {
    inventory = new FakeInventory({ 'python:3': somePackages, 'nodejs:20': {} })
    changed = []
    log = aLog()
  })

  async function builds(of: Pick<Inventory, 'of'>): Promise<{ builds: RuntimeBuilds; knowledge: Knowledge }> {
    const engines = new Engines({ engines: [new FakeImageEngine()], log })
    await engines.probe(async () => undefined)
    const knowledge = new Knowledge(aManifest())
    const reader: Inventory = { machine: inventory.machine, isCurrent: async () => true, of: (kind) => of.of(kind) }
    const options = {
      inventory: reader,
      engines,
      knowledge,
      kinds,
      log,
      onChange: (kind: string) => changed.push(kind),
    }
    return { knowledge, builds: new RuntimeBuilds(options) }
  }

  it('reads those of kinds that have an engine, and says when one is another than before', async () => {
    const { builds: reading, knowledge } = await builds(inventory)
    await reading.refreshAll()
    await reading.refreshAll()
    expect(changed).to.deep.equal(['python:3'])
    expect(knowledge.builds().map(({ kind }) => kind)).to.deep.equal(['python:3'])
    inventory.update('python:3', 'torch', '2.0')
    await reading.refresh('python:3')
    expect(changed).to.have.length(2)
  })

  it('says once that one cannot be read, and nothing of a kind that this machine lacks', async () => {
    const { builds: broken } = await builds({ of: () => Promise.reject(new Error('no interpreter')) })
    await broken.refresh('python:3')
    await broken.refresh('python:3')
    expect(log.lines.map(({ event }) => event)).to.deep.equal(['runtime build cannot be read: it has no images'])
    const { builds: absent } = await builds(new FakeInventory({}))
    await absent.refresh('python:3')
    expect(log.lines).to.have.length(1)
    expect(changed).to.deep.equal([])
  })
})
