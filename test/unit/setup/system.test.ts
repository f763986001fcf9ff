import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { forFunctionbench, toRun, toTest } from '../../../deploy/setup/needs.mjs'
import { missing, packagesOf } from '../../../deploy/setup/system.mjs'

describe('missing()', () => {
  let folder: string
  const before = process.env.PATH

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'system-'))
    process.env.PATH = `${folder}${path.delimiter}${before}`
  })

  afterEach(() => {
    process.env.PATH = before
    rmSync(folder, { recursive: true })
  })

  it('finds commands on the path, if they can be run', () => {
    const need = { what: 'Tool', commands: ['warmwhisk-test-tool'], packages: ['tool'] }
    expect(missing([need])).to.deep.equal([need])
    writeFileSync(path.join(folder, 'warmwhisk-test-tool'), '#!/bin/sh\n')
    expect(missing([need])).to.deep.equal([need])
    chmodSync(path.join(folder, 'warmwhisk-test-tool'), 0o755)
    expect(missing([need])).to.deep.equal([])
  })

  it('finds files', () => {
    const need = { what: 'File', file: path.join(folder, 'there'), packages: ['file'] }
    expect(missing([need])).to.deep.equal([need])
    writeFileSync(need.file, '')
    expect(missing([need])).to.deep.equal([])
  })

  it('knows for every need how to find it, and a package that brings it', () => {
    for (const need of [...toRun, ...toTest, ...forFunctionbench]) {
      expect(need.commands ?? need.file ?? need.module, need.what).to.not.equal(undefined)
      expect(need.packages, need.what).to.not.equal([])
    }
  })
})

describe('packagesOf()', () => {
  it('takes the first of several packages that the system knows, and the first of all where it knows none', () => {
    const need = (packages: string[]) => ({ what: 'X', packages })
    const isKnown = (name: string) => name === 'openjdk-21'
    expect(packagesOf([need(['openjdk-17', 'openjdk-21']), need(['maven'])], isKnown)).to.deep.equal([
      'openjdk-21',
      'maven',
    ])
    expect(packagesOf([need(['openjdk-17', 'openjdk-11'])], isKnown)).to.deep.equal(['openjdk-17'])
  })
})
