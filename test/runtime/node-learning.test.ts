import { join } from 'node:path'
import { expect } from 'chai'
import { npmPackages } from '../support/a-criu-engine.ts'
import { type RuntimeUnderTest, runtimeUnderTest } from '../support/runtime-client.ts'

/** What a runtime tells of one import. */
interface Told {
  readonly module: string
  readonly distribution: string
  readonly version: string
  readonly ms: number
}

describe('what nodejs:20 tells of imports (C30, C31)', () => {
  let runtime: RuntimeUnderTest
  beforeEach(async () => {
    runtime = await runtimeUnderTest('nodejs:20', { NODE_PATH: npmPackages })
  })
  afterEach(() => runtime.stop())

  async function told(): Promise<readonly Told[]> {
    const { status, body } = await runtime.post('/imports', {})
    expect(status).to.equal(200)
    return (JSON.parse(body) as { readonly imports: readonly Told[] }).imports
  }
  const names = (imports: readonly Told[]): string[] => imports.map(({ module }) => module)

  it('C30: /learn records from then on; /imports tells it in order, with package, version and time, and ends it', async () => {
    expect(await runtime.post('/learn', {})).to.include({ status: 200, body: '{"ok":true}' })
    await runtime.once(`
      require('@scope/scoped')
      require('builds-on-plain')
      function main() { return {} }`)
    const imports = await told()
    expect(imports.map(({ ms, ...one }) => one)).to.deep.equal([
      { module: '@scope/scoped', distribution: '@scope/scoped', version: '0.1.0' },
      // What it loads itself counts with it.
      { module: 'builds-on-plain', distribution: 'builds-on-plain', version: '2.0.0' },
    ])
    expect(Math.min(...imports.map(({ ms }) => ms))).to.be.above(0)
    expect(await told()).to.deep.equal([])
  })

  it('C30: what runs load counts, and each package once', async () => {
    await runtime.post('/learn', {})
    await runtime.once(
      `function main() { return { sum: require('plain-package').answer + require('plain-package').answer } }`,
    )
    expect(names(await told())).to.deep.equal(['plain-package'])
  })

  it('C31: tells nothing of the interpreter, and of what cannot be found', async () => {
    await runtime.post('/learn', {})
    await runtime.once(`
      require('node:fs'); require('path')
      try { require('surely-not-installed') } catch {}
      require('plain-package')
      function main() { return {} }`)
    expect(names(await told())).to.deep.equal(['plain-package'])
  })

  it('C31: a package of the archive is user code, also where the build has one of its name', async () => {
    await runtime.post('/learn', {})
    await runtime.once(`
      const fs = require('node:fs')
      fs.mkdirSync('node_modules/plain-package', { recursive: true })
      fs.writeFileSync('node_modules/plain-package/index.js', 'module.exports = { answer: "mine" }')
      const found = require('plain-package').answer
      function main() { return { found } }`)
    expect(await told()).to.deep.equal([])
    expect(JSON.parse((await runtime.run()).body)).to.deep.equal({ found: 'mine' })
  })

  it('C31: counts a package in CommonJS that an ES module imports', async () => {
    await runtime.post('/learn', {})
    const file = join(npmPackages, 'plain-package/index.js')
    await runtime.once(
      `async function main() { return { answer: (await import(${JSON.stringify(file)})).default.answer } }`,
    )
    expect(names(await told())).to.deep.equal(['plain-package'])
  })

  it('tells nothing when it was not asked to learn, and goes on without it', async () => {
    expect(await runtime.once(`function main() { return require('plain-package') }`)).to.deep.equal({ answer: 42 })
    expect(await told()).to.deep.equal([])
  })
})
