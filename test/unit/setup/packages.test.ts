import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { installPackages } from '../../../deploy/setup/packages.mjs'

/** A checkout with one package, which lies beside it: nothing is downloaded. */
function aCheckout(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'packages-'))
  const files = {
    'package.json': { name: 'a-checkout', version: '1.0.0', devDependencies: { 'a-package': 'file:a-package' } },
    'package-lock.json': {
      name: 'a-checkout',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'a-checkout', version: '1.0.0', devDependencies: { 'a-package': 'file:a-package' } },
        'a-package': { version: '1.0.0', dev: true },
        'node_modules/a-package': { resolved: 'a-package', link: true },
      },
    },
    'a-package/package.json': { name: 'a-package', version: '1.0.0' },
  }
  mkdirSync(path.join(root, 'a-package'))
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(root, name), `${JSON.stringify(content, undefined, 2)}\n`)
  }
  writeFileSync(path.join(root, '.npmrc'), 'fund=false\n')
  return root
}

describe('installPackages()', () => {
  let root: string
  const installed = () => path.join(root, 'node_modules/a-package/package.json')
  const lock = () => path.join(root, 'package-lock.json')

  beforeEach(() => {
    root = aCheckout()
  })

  afterEach(() => rmSync(root, { recursive: true }))

  it('installs, development packages too, and leaves the lock file as it is', () => {
    const before = readFileSync(lock(), 'utf8')
    installPackages(root)
    expect(existsSync(installed())).to.equal(true)
    expect(readFileSync(lock(), 'utf8')).to.equal(before)
  })

  it('does nothing until the lock file changes', () => {
    installPackages(root)
    rmSync(path.join(root, 'node_modules/a-package'))
    installPackages(root)
    expect(existsSync(installed())).to.equal(false)
    writeFileSync(lock(), `${readFileSync(lock(), 'utf8')}\n`)
    installPackages(root)
    expect(existsSync(installed())).to.equal(true)
  })

  it('says what npm says when it fails, and tries again the next time', () => {
    rmSync(lock())
    writeFileSync(lock(), '{ this is no JSON')
    writeFileSync(path.join(root, 'package.json'), '{ nor is this')
    for (const _time of [1, 2]) {
      expect(() => installPackages(root)).to.throw(
        /Cannot install the npm packages: .*install.* ended with 1\n.*npm error/s,
      )
    }
  })
})
