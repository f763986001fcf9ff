import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { isOpenToAll } from '../../../../invoker/adapters/host-runtimes/open-to-all.ts'

describe('isOpenToAll()', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ww-open-'))
    chmodSync(folder, 0o755)
    mkdirSync(join(folder, 'inner'))
    writeFileSync(join(folder, 'inner/file'), '', { mode: 0o644 })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is where every folder on the way can be passed and the file be read', () => {
    expect(isOpenToAll(join(folder, 'inner/file'))).to.equal(true)
    expect(isOpenToAll(folder)).to.equal(true)
  })

  it('is not behind a folder that cannot be passed, nor where a file cannot be read or is not there', () => {
    expect(isOpenToAll(join(folder, 'absent'))).to.equal(false)
    chmodSync(join(folder, 'inner/file'), 0o640)
    expect(isOpenToAll(join(folder, 'inner/file'))).to.equal(false)
    chmodSync(folder, 0o700)
    expect(isOpenToAll(join(folder, 'inner'))).to.equal(false)
  })
})
