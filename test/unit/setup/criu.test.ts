import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { isNewEnough, needed, setUpCriu } from '../../../deploy/setup/criu.mjs'
import { tempDirectory } from '../../support/temp-directory.ts'

describe('setUpCriu()', () => {
  it('touches nothing when one is unpacked already', async () => {
    const directory = await tempDirectory()
    const tools = path.join(directory.path, 'tools')
    mkdirSync(path.join(tools, 'criu'), { recursive: true })
    writeFileSync(path.join(tools, 'criu', 'criu'), '')
    setUpCriu({ root: directory.path, tools, isNeeded: true })
    expect(readdirSync(directory.path)).to.deep.equal(['tools'])
    expect(readdirSync(tools)).to.deep.equal(['criu'])
    await directory.remove()
  })
})

describe('isNewEnough()', () => {
  it('wants CRIU 4.1', () => {
    expect(['Version: 4.1', 'Version: 4.1.1', 'Version: 5.0'].every(isNewEnough)).to.equal(true)
    expect(['Version: 3.17.1', 'Version: 4.0', ''].some(isNewEnough)).to.equal(false)
  })
})

describe('needed()', () => {
  it('takes CRIU and libraries, each once, and nothing that is no package', () => {
    const listed = 'criu\n  Depends: libc6\n  Depends: <libvirtual>\nlibc6\nlibnet1\n<libvirtual>\npython3-x\nlibc6\n'
    expect(needed(listed)).to.deep.equal(['criu', 'libc6', 'libnet1'])
  })
})
