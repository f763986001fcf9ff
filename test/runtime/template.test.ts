import { expect } from 'chai'
import { aRestoredRuntime } from '../support/a-restored-runtime.ts'
import { aTemplate, type TemplateUnderTest } from '../support/a-template.ts'
import { eventually } from '../support/eventually.ts'
import { isAlive } from '../support/is-alive.ts'
import { killsOn } from '../support/seccomp-bytes.ts'

describe('the template of the python:3 runtime (C33)', () => {
  let template: TemplateUnderTest
  beforeEach(async () => {
    template = await aTemplate()
  })
  afterEach(() => template.stop())

  async function built(...imports: string[]) {
    const { built: image } = await template.ask({ do: 'build', imports })
    return image as unknown as {
      imports: { module: string; ms: number }[]
      modules: string[]
      threads: number
      sockets: number
      anonymousBytes: number
      fileBytes: number
      vmas: number
    }
  }

  it('imports in order, tells before each, and how long each took', async () => {
    const { imports } = await built('calendar', 'fractions')
    expect(imports.map(({ module }) => module)).to.deep.equal(['calendar', 'fractions'])
    for (const { ms } of imports) expect(ms).to.be.greaterThan(0)
    expect(template.progress).to.deep.equal([
      { importing: 'calendar', done: 0, total: 2 },
      { importing: 'fractions', done: 1, total: 2 },
    ])
  })

  it('says what it has and what it takes', async () => {
    const image = await built('calendar')
    expect(image).to.include({ threads: 1, sockets: 0 })
    expect(image.modules).to.include.members(['calendar', 'json', 'sys'])
    expect(image.modules.filter((name) => name.includes('warmwhisk'))).to.deep.equal([])
    for (const number of [image.anonymousBytes, image.fileBytes, image.vmas]) expect(number).to.be.greaterThan(50)
  })

  it('is an image of the bare runtime without imports', async () => {
    expect((await built()).imports).to.deep.equal([])
    const restored = await aRestoredRuntime(template)
    expect(await restored.once('def main(args):\n    return args', { a: 1 })).to.deep.equal({ a: 1 })
    await restored.stop()
  })

  it('has no image before it is told to build one', async () => {
    const refused = await aRestoredRuntime(template).catch(String)
    expect(refused).to.contain('there is no image yet')
  })

  for (const [module, why] of [
    ['starts_a_thread', 'starts threads when it is imported: poller'],
    ['keeps_a_socket', 'keeps open when it is imported: socket:'],
    ['keeps_a_file', 'keeps open when it is imported: /'],
    ['starts_a_process', 'starts a process when it is imported'],
    ['shares_memory', 'maps memory that its children would share: /dev/zero'],
  ] as const) {
    it(`refuses a package that does not survive a fork: ${module}`, async () => {
      const { unsuitable } = await template.ask({ do: 'build', imports: ['calendar', module, 'fractions'] })
      expect(unsuitable).to.contain(`"${module}" ${why}`)
    })
  }

  it('takes a package whose thread ends', async () => {
    expect((await built('starts_a_short_thread')).threads).to.equal(1)
  })

  it('says why an import fails', async () => {
    const { failed } = await template.ask({ do: 'build', imports: ['fails_to_import'] })
    expect(failed).to.equal('ImportError: Cannot import "fails_to_import": RuntimeError: there is no licence')
    expect((await template.ask({ do: 'build', imports: ['surely_not_there'] })).failed).to.contain(
      'ModuleNotFoundError',
    )
  })

  it('is gone when an import kills it', async () => {
    const answer = await template.ask({ do: 'build', imports: ['dies_on_import'] }).catch(String)
    expect(answer).to.contain('The template is gone')
    await eventually('its end', () => template.process.signalCode === 'SIGSEGV')
  })

  it('answers what it cannot do, and goes on', async () => {
    expect((await template.ask({ do: 'dance' })).failed).to.contain('"dance"')
    expect((await template.ask({ do: 'confine', seccomp: '' })).failed).to.contain('no seccomp filter')
    expect((await template.ask({ do: 'restore', id: 7 })).failed).to.contain('KeyError')
    expect(await template.ask({ do: 'build', imports: [] })).to.have.property('built')
  })

  for (const how of ['its control socket closes', 'it is told to end'] as const) {
    it(`ends at once when ${how}, and its children live on`, async () => {
      await built()
      const restored = await aRestoredRuntime(template)
      if (how === 'it is told to end') await template.ask({ do: 'end' }).catch(() => undefined)
      else template.hangUp()
      await eventually('its end', () => template.process.exitCode === 0)
      expect(await restored.once('def main(args):\n    return args')).to.deep.equal({})
      restored.leave()
      process.kill(restored.pid, 'SIGKILL')
      await eventually('the end of the child', () => !isAlive(restored.pid))
    })
  }

  it('reaps its children and tells how they ended', async () => {
    await built()
    const restored = await aRestoredRuntime(template)
    await restored.init('import sys\ndef main(args):\n    sys.exit(3)')
    expect(await restored.run().catch((error: NodeJS.ErrnoException) => error.code)).to.equal('ECONNRESET')
    await eventually('its end', () => template.ended.has(restored.pid))
    expect(template.ended.get(restored.pid)).to.equal(3 << 8)
    await restored.stop()
  })
})

describe('the smoke test of a template (C33)', () => {
  let template: TemplateUnderTest
  beforeEach(async () => {
    template = await aTemplate()
  })
  afterEach(() => template.stop())

  async function smoked(...imports: string[]) {
    expect(await template.ask({ do: 'build', imports })).to.have.property('built')
    return template.ask({ do: 'smoke', timeoutMs: imports.includes('hangs_after_fork') ? 300 : 20_000 })
  }

  it('passes what works after a fork', async () => {
    expect(await smoked('calendar')).to.deep.equal({ smoke: 'ok' })
  })

  it('passes numpy, torch, pandas, scikit-learn, OpenCV and Pillow, each with a little work', async () => {
    const modules = ['numpy', 'torch', 'pandas', 'sklearn.linear_model', 'cv2', 'PIL.Image']
    expect(await smoked(...modules)).to.deep.equal({ smoke: 'ok' })
  })

  it('finds what hangs after a fork', async () => {
    expect((await smoked('hangs_after_fork')).unsuitable).to.equal(
      'A forked child hangs for 300 ms at: the fork itself',
    )
  })

  it('finds what dies after a fork', async () => {
    expect((await smoked('dies_after_fork')).unsuitable).to.equal('A forked child dies by SIGSEGV at: the fork itself')
  })

  it('tries it with the rights of a container', async () => {
    expect(await template.ask({ do: 'build', imports: [] })).to.have.property('built')
    expect(await template.ask({ do: 'confine', seccomp: killsOn('getpid') })).to.deep.equal({ confined: true })
    const { unsuitable } = await template.ask({ do: 'smoke' })
    expect(unsuitable).to.equal('A forked child dies by SIGSYS at: renewing its generators')
  })
})
