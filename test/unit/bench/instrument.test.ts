import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { instrument, type Stamps, stampsKey } from '../../bench/cold/instrument.ts'

const python = `"""What it does."""

import json
from math import (
    pi,
    sin,
)

RADIUS = 2


def main(args):
    return {"area": json.loads("1") * round(pi) * RADIUS, "name": args["name"]}
`
const nodejs =
  "const path = require('node:path')\n\nfunction main({ name }) {\n  return { name: path.basename(name) }\n}\n"

describe('instrument()', () => {
  it('leaves what a Python function does as it is, and adds clock readings in their order', () => {
    const code = instrument(python, { kind: 'python:3', unique: 'one' })
    const run = `${code}\nprint(json.dumps(main({"name": "Ada"})))`
    const { [stampsKey]: stamps, ...result } = JSON.parse(execFileSync('python3', ['-c', run], { encoding: 'utf8' }))
    expect(result).to.deep.equal({ area: 6, name: 'Ada' })
    expectRising(stamps)
  })

  it('does so with a Node.js function, whether it exports its main or not', () => {
    for (const source of [nodejs, `${nodejs}exports.main = main\n`]) {
      const code = instrument(source, { kind: 'nodejs:20', unique: 'one' })
      const run = `${code}\nmain({ name: '/a/Ada' }).then((result) => console.log(JSON.stringify(result)))`
      const { [stampsKey]: stamps, ...result } = JSON.parse(
        execFileSync(process.execPath, ['-e', run], { encoding: 'utf8' }),
      )
      expect(result).to.deep.equal({ name: 'Ada' })
      expectRising(stamps)
    }
  })

  it('reads the clock right behind the last import, also when it goes on over lines', () => {
    const lines = instrument(python, { kind: 'python:3', unique: 'one' }).split('\n')
    const at = lines.findIndex((line) => line.includes('bench_imported ='))
    expect([lines[at - 1], lines[at + 2]]).to.deep.equal([')', 'RADIUS = 2'])
  })

  it('makes code that was never seen out of each word', () => {
    const [one, other] = ['one', 'other'].map((unique) => instrument(python, { kind: 'python:3', unique }))
    expect(one).to.not.equal(other)
  })

  it('refuses what it would break, and what it cannot read', () => {
    expect(() => instrument('from __future__ import annotations\n', { kind: 'python:3', unique: '' })).to.throw(
      '__future__',
    )
    expect(() => instrument('', { kind: 'go:1', unique: '' })).to.throw('Cannot instrument "go:1"')
  })
})

function expectRising({ entered, imported, begun, ended }: Stamps): void {
  expect([entered, imported, begun, ended]).to.deep.equal([entered, imported, begun, ended].toSorted((a, b) => a - b))
}
