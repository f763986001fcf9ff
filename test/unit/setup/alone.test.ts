import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { alone } from '../../../deploy/setup/alone.mjs'

const module = path.resolve(import.meta.dirname, '../../../deploy/setup/alone.mjs')

describe('alone()', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'alone-'))
  })

  afterEach(() => rmSync(root, { recursive: true }))

  it('lets one process after the other work', async () => {
    // Each writes two lines with some time between them: mixed lines would show that they ran together.
    const program = `
      import { appendFileSync } from 'node:fs'
      import { alone } from ${JSON.stringify(module)}
      alone(process.argv[1], () => {
        appendFileSync(process.argv[1] + '/lines', process.pid + '\\n')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
        appendFileSync(process.argv[1] + '/lines', process.pid + '\\n')
      })`
    const children = [1, 2, 3].map(() => spawn(process.execPath, ['--input-type=module', '-e', program, root]))
    await Promise.all(children.map((child) => once(child, 'close')))
    const lines = readFileSync(path.join(root, 'lines'), 'utf8').trim().split('\n')
    expect(lines).to.have.length(6)
    for (const first of [0, 2, 4]) expect(lines[first]).to.equal(lines[first + 1])
  })

  it('takes over from a process that ended without giving way', () => {
    const dead = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim()
    mkdirSync(path.join(root, '.warmwhisk'))
    writeFileSync(path.join(root, '.warmwhisk/preparing'), dead)
    let worked = false
    alone(root, () => {
      worked = true
    })
    expect(worked).to.equal(true)
  })

  it('gives way also when the work fails', () => {
    expect(() =>
      alone(root, () => {
        throw new Error('failed')
      }),
    ).to.throw('failed')
    expect(existsSync(path.join(root, '.warmwhisk/preparing'))).to.equal(false)
  })
})
