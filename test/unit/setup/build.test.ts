import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { build } from '../../../deploy/setup/build.mjs'

const checkout = path.resolve(import.meta.dirname, '../../..')

/** A tiny checkout that is compiled with our own compiler and configuration. */
function aCheckout(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'build-'))
  for (const folder of ['invoker', 'deploy/setup']) mkdirSync(path.join(root, folder), { recursive: true })
  for (const file of ['tsconfig.json', 'deploy/setup/tsconfig.build.json', 'package.json']) {
    writeFileSync(path.join(root, file), readFileSync(path.join(checkout, file)))
  }
  writeFileSync(path.join(root, 'package-lock.json'), '{}')
  writeFileSync(path.join(root, 'invoker/one.ts'), 'export const one = 1\n')
  symlinkSync(path.join(checkout, 'node_modules'), path.join(root, 'node_modules'))
  return root
}

describe('build()', () => {
  let root: string

  beforeEach(() => {
    root = aCheckout()
  })

  afterEach(() => rmSync(root, { recursive: true }))

  const compiled = (name: string) => path.join(root, 'dist/invoker', `${name}.js`)

  it('compiles, and again only when a source changed', () => {
    build(root)
    expect(readFileSync(compiled('one'), 'utf8')).to.contain('one = 1')
    writeFileSync(compiled('one'), 'untouched')
    build(root)
    expect(readFileSync(compiled('one'), 'utf8')).to.equal('untouched')
    writeFileSync(path.join(root, 'invoker/one.ts'), 'export const one = 11\n')
    build(root)
    expect(readFileSync(compiled('one'), 'utf8')).to.contain('one = 11')
  })

  it('notices a source whose time changed and size did not', () => {
    build(root)
    writeFileSync(path.join(root, 'invoker/one.ts'), 'export const one = 2\n')
    utimesSync(path.join(root, 'invoker/one.ts'), 1, 1)
    build(root)
    expect(readFileSync(compiled('one'), 'utf8')).to.contain('one = 2')
  })

  it('removes what has no source any more', () => {
    writeFileSync(path.join(root, 'invoker/two.ts'), 'export const two = 2\n')
    build(root)
    expect(existsSync(compiled('two'))).to.equal(true)
    rmSync(path.join(root, 'invoker/two.ts'))
    build(root)
    expect(existsSync(compiled('two'))).to.equal(false)
    expect(existsSync(compiled('one'))).to.equal(true)
  })

  it('says what is wrong with a source, and tries again the next time', () => {
    writeFileSync(path.join(root, 'invoker/one.ts'), 'export const one: string = 1\n')
    for (const _time of [1, 2]) {
      expect(() => build(root)).to.throw(/Cannot compile the sources: .*\n.*invoker\/one\.ts\(1,14\)/)
    }
  })
})
