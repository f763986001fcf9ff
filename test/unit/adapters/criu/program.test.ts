import { mkdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import {
  candidates,
  commandHere,
  isNewEnough,
  isThere,
  openProgram,
} from '../../../../invoker/adapters/criu/program.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

describe('programs that may be CRIU', () => {
  let tools: TempDirectory
  beforeEach(async () => {
    tools = await tempDirectory()
  })
  afterEach(() => tools.remove())

  it('are the one that was unpacked, run by its own loader, and then those of the system', () => {
    const [unpacked, system] = candidates('/tools')
    expect(unpacked && commandHere(unpacked)).to.satisfy(
      ([loader, option, libraries, criu]: string[]) =>
        loader?.startsWith(`${libraries}/ld-linux-`) &&
        option === '--library-path' &&
        criu === '/tools/criu/root/usr/sbin/criu',
    )
    expect(system && commandHere(system)).to.deep.equal(['/usr/sbin/criu'])
  })

  it('must be there with their libraries', async () => {
    const criu = join(tools.path, 'criu')
    writeFileSync(criu, '')
    expect(await isThere({ criu })).to.equal(true)
    const own = { loader: join(tools.path, 'ld.so'), libraries: join(tools.path, 'lib') }
    expect(await isThere({ criu, own })).to.equal(false)
    mkdirSync(own.libraries)
    writeFileSync(own.loader, '')
    expect(await isThere({ criu, own })).to.equal(true)
  })

  it('are new enough from 4.1 on', () => {
    expect(['4.1', '4.10.2', '5.0'].every((version) => isNewEnough(version))).to.equal(true)
    expect(['3.17.1', '4.0.9', 'none'].some((version) => isNewEnough(version))).to.equal(false)
  })

  it('are named by descriptors where their files are not seen', () => {
    const [criu, libraries, loader] = ['criu', 'lib', 'ld.so'].map((name) => join(tools.path, name)) as [
      string,
      string,
      string,
    ]
    for (const file of [criu, libraries, loader]) writeFileSync(file, '')
    const plain = openProgram({ criu })
    expect(plain.command(7)).to.deep.equal(['/proc/self/fd/7'])
    plain.close()
    const open = openProgram({ criu, own: { loader, libraries } })
    expect(open.fds.map((fd) => readlinkSync(`/proc/self/fd/${fd}`))).to.deep.equal([loader, libraries, criu])
    expect(open.command(7)).to.deep.equal(['/proc/self/fd/7', '--library-path', '/proc/self/fd/8', '/proc/self/fd/9'])
    open.close()
  })

  it('leave no file open when one of them is missing', () => {
    const criu = join(tools.path, 'criu')
    const loader = join(tools.path, 'ld.so')
    writeFileSync(loader, '')
    expect(() => openProgram({ criu, own: { loader, libraries: join(tools.path, 'lib') } })).to.throw('ENOENT')
  })
})
