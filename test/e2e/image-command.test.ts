import { expect } from 'chai'
import type { ImageAdvice, ImageDetails, ImageSummary } from '../../invoker/ports/image-admin.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { imagesOf } from '../support/image-command.ts'
import { whyNoSample } from '../support/sample-needs.ts'
import { withServer } from '../support/whole-server.ts'

describe('warmwhisk image, with a whole server', function () {
  this.timeout(120_000)

  before(function () {
    const why = whyNoRunc() ?? whyNoSample('functionbench/matmul')
    if (why !== undefined) skip(this, why)
  })

  it('builds an image, shows it, and removes it', async () => {
    await withServer({}, async ({ dataDir }) => {
      const image = imagesOf(dataDir)
      const json = async <T>(...args: readonly string[]): Promise<T> =>
        JSON.parse((await image(...args, '--json')).printed)

      const built = await image('build', '--kind', 'python:3', 'numpy')
      expect(built.code, built.complained).to.equal(0)
      expect(built.printed).to.match(/^Built [0-9a-f]{12} \(python:3, fork, \d+(\.\d)? MB\): .*numpy==/)
      expect(built.complained).to.contain('numpy')

      const listed = await json<readonly ImageSummary[]>('list')
      const one = listed.find(({ packages }) => packages.some((name) => name.startsWith('numpy==')))
      expect(one).to.include({ state: 'live', engine: 'fork', kind: 'python:3' })
      const id = one?.id ?? ''
      const shown = await json<ImageDetails>('show', id.slice(0, 12))
      expect(shown.imports.map(({ module }) => module)).to.include('numpy')
      expect(shown.residencies).to.have.length(1)
      expect((await image('show', id.slice(0, 12))).printed).to.contain(`id             ${id}`)

      expect((await image('remove', id.slice(0, 12))).printed).to.contain(`Removed ${id.slice(0, 12)}`)
      expect((await image('show', id)).code).to.equal(1)
      expect(await json<ImageAdvice>('advise')).to.have.all.keys('images', 'budgetBytes', 'residentBytes')
    })
  })

  it('says where to add a package that is nowhere, and which kinds have images', async () => {
    await withServer({}, async ({ dataDir }) => {
      const image = imagesOf(dataDir)
      const nowhere = await image('build', '--kind', 'python:3', 'no-such-package')
      expect(nowhere).to.include({ code: 1, printed: '' })
      expect(nowhere.complained)
        .to.contain('"no-such-package"')
        .and.to.match(/layers/)
      expect((await image('build', '--kind', 'php:8', 'x')).complained).to.match(/^Cannot run the kind: .*"php:8"/)
    })
  })

  it('says that images are off', async () => {
    await withServer({ settings: { 'images.isEnabled': 'off' } }, async ({ dataDir }) => {
      const { code, complained } = await imagesOf(dataDir)('list')
      expect(code).to.equal(1)
      expect(complained).to.equal('Cannot use dependency images: they are off on this invoker')
    })
  })
})
