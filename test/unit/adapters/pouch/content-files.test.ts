import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import { ContentFiles } from '../../../../invoker/adapters/pouch/content-files.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

describe('ContentFiles', () => {
  let directory: TempDirectory
  let path: string
  let files: ContentFiles

  beforeEach(async () => {
    directory = await tempDirectory()
    path = join(directory.path, 'files')
    files = new ContentFiles(path)
  })

  afterEach(() => directory.remove())

  async function* none(): AsyncGenerator<string> {}

  it('names a file by its content', async () => {
    const data = randomBytes(3_500_000)
    const name = await files.write(data)
    expect(name).to.equal(createHash('sha256').update(data).digest('hex'))
    expect(await readdir(path)).to.deep.equal([name])
    expect((await files.read(name))?.equals(data)).to.equal(true)
  })

  it('keeps what several refer to until the last has given it back', async () => {
    const [one, two] = [await files.write(Buffer.from('same')), await files.write(Buffer.from('same'))]
    expect(one).to.equal(two)
    files.hold([one])
    await files.release([one])
    await files.release([one])
    expect((await files.read(one))?.toString()).to.equal('same')
    await files.release([one])
    expect(await files.read(one)).to.equal(undefined)
    expect(await readdir(path)).to.deep.equal([])
  })

  it('never loses content that comes while its last copy goes', async () => {
    for (let round = 0; round < 60; round += 1) {
      const name = await files.write(Buffer.from('contended'))
      const writing = files.write(Buffer.from('contended'))
      // Another moment of the writing each time.
      for (let turns = round % 20; turns > 0; turns -= 1) await turn()
      const [again] = await Promise.all([writing, files.release([name])])
      expect((await files.read(again))?.toString()).to.equal('contended')
      await files.release([again])
    }
  })

  it('removes at the start what a crash has left, and counts the rest', async () => {
    const kept = await files.write(Buffer.from('kept'))
    await files.write(Buffer.from('orphan'))
    await writeFile(join(path, 'half.part'), 'half')
    const later = new ContentFiles(path)
    const references = async function* (): AsyncGenerator<string> {
      yield kept
      yield kept
    }
    expect(await later.sweep(references())).to.equal(2)
    await later.release([kept])
    expect(await readFile(join(path, kept), 'utf8')).to.equal('kept')
    await later.release([kept])
    expect(await later.isEmpty()).to.equal(true)
  })

  it('is empty where nothing was ever written', async () => {
    expect(await files.isEmpty()).to.equal(true)
    expect(await files.sweep(none())).to.equal(0)
    expect(await files.read('0'.repeat(64))).to.equal(undefined)
  })

  it('reads nothing outside its directory', async () => {
    expect(await files.read('../../../../etc/passwd')).to.equal(undefined)
  })
})
