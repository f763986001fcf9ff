import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { comparison, published, speedUp } from '../../bench/lib/figure.ts'
import { fillSections } from '../../bench/lib/readme.ts'
import { generate, resultsFolder, stale } from '../../bench/lib/report.ts'
import { type BenchResult, formatResult, parseResult } from '../../bench/lib/result.ts'
import { section } from '../../bench/lib/table.ts'

const result: BenchResult = {
  name: 'kafka',
  title: 'Warm path through Kafka',
  baseline: 'floor',
  machine: { cpu: 'Some CPU', cores: 2, memoryMb: 24105, kernel: '6.1.0', node: 'v20.20.2' },
  date: '2026-11-22T14:00:00.000Z',
  commit: 'abc',
  figures: [
    comparison({ id: 'cpu', title: 'CPU, one', unit: 'ms', goal: { atMost: 1.6 } }, [{ baseline: 1, subject: 1.234 }]),
    comparison({ id: 'rate', title: 'Rate', unit: '/s', goal: { atLeast: 0.8 } }, [{ baseline: 2000, subject: 1000 }]),
    published({ id: 'rss', title: 'Memory', unit: 'MB', openwhisk: 370 }, [100]),
  ],
}

describe('section()', () => {
  const text = section(result, 'some/picture.svg')

  it('gives each figure a row with its ratio, spread, goal and verdict', () => {
    expect(text).to.include('| CPU, one | 1.23 ms | 1 | 1.23 (1.23–1.23) | ≤ 1.6 met |')
  })

  it('makes a missed goal plain', () => {
    expect(text).to.include('| Rate | 1,000 /s | 2,000 | 0.5 (0.5–0.5) | ≥ 0.8 **missed** |')
  })

  it('leaves empty what a published figure does not have', () => {
    expect(text).to.include('| Memory | 100 MB |  |  |  | 370 |')
  })

  it('marks a speed-up, says what it is, and gives percentiles a column where there are any', () => {
    const both = { baseline: [300], subject: [10] }
    const faster = speedUp({ id: 's', title: 'Start', unit: 'ms' }, [{ baseline: 300, subject: 10 }], both)
    const more = section({ ...result, figures: [faster] }, 'some/picture.svg')
    expect(more).to.include('| Start | 10 ms | 300 | 30× (30–30) |  | 10 ms, 300 |')
    expect(more).to.include('With ×, how many times floor takes what we take.')
    expect(text).to.not.include('×,')
  })

  it('links the picture and says on what machine and commit it was measured', () => {
    expect(text).to.include('![Warm path through Kafka](some/picture.svg)')
    expect(text).to.include('Measured on 2026-11-22 at commit `abc`: 2 × Some CPU, 24 GB, Linux 6.1.0, Node v20.20.2.')
  })
})

describe('fillSections()', () => {
  const readme = 'a\n<!-- bench:kafka -->\nold\nlines\n<!-- /bench:kafka -->\nz\n'

  it('replaces what is between the markers and nothing else', () => {
    const filled = fillSections(readme, new Map([['kafka', 'new $1']]))
    expect(filled).to.equal('a\n<!-- bench:kafka -->\nnew $1\n<!-- /bench:kafka -->\nz\n')
  })

  it('changes nothing when done again', () => {
    const once = fillSections(readme, new Map([['kafka', 'new']]))
    expect(fillSections(once, new Map([['kafka', 'new']]))).to.equal(once)
  })

  it('says where nothing was measured yet', () => {
    expect(fillSections(readme, new Map())).to.include('-->\nNot measured yet: `npm run bench:kafka`.\n<!--')
  })

  it('refuses a result without markers', () => {
    expect(() => fillSections('nothing here', new Map([['warm', 'text']]))).to.throw('Cannot place "warm"')
  })
})

describe('result files', () => {
  it('are read as they were written', () => {
    expect(parseResult(formatResult(result))).to.deep.equal(result)
  })

  it('are refused when a figure lacks something', () => {
    expect(() => parseResult(formatResult(result).replace('"samples"', '"sample"'))).to.throw()
  })
})

describe('generate() and stale()', () => {
  let root: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bench-report-'))
    await mkdir(join(root, resultsFolder), { recursive: true })
    await writeFile(join(root, resultsFolder, 'kafka.json'), formatResult(result))
    await writeFile(join(root, 'README.md'), '<!-- bench:kafka --><!-- /bench:kafka -->\n')
  })
  afterEach(() => rm(root, { recursive: true }))

  async function write(): Promise<void> {
    for (const { path, text } of await generate(root)) await writeFile(join(root, path), text)
  }

  it('find README and pictures out of date until they are written', async () => {
    expect(await stale(root, await generate(root))).to.deep.equal([`${resultsFolder}/kafka.svg`, 'README.md'])
    await write()
    expect(await stale(root, await generate(root))).to.deep.equal([])
  })

  it('need no result to be up to date', async () => {
    await rm(join(root, resultsFolder), { recursive: true })
    await writeFile(join(root, 'README.md'), 'nothing measured\n')
    expect(await stale(root, await generate(root))).to.deep.equal([])
  })

  it('find a README that somebody improved by hand', async () => {
    await write()
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    await writeFile(join(root, 'README.md'), readme.replace('1.23', '1.03'))
    expect(await stale(root, await generate(root))).to.deep.equal(['README.md'])
  })

  it('draw a second picture of times in their parts', async () => {
    const parts = [
      { part: 'container', value: 40 },
      { part: 'import', value: 60 },
    ]
    const stacks = ['cold', 'ours'].map((way) => ({ group: 'matmul', way, parts }))
    await writeFile(join(root, resultsFolder, 'kafka.json'), formatResult({ ...result, stacks }))
    await write()
    const svg = await readFile(join(root, resultsFolder, 'kafka-parts.svg'), 'utf8')
    for (const word of ['matmul', 'cold', 'ours', 'container', 'import', '100']) expect(svg).to.include(`>${word}<`)
    expect(await readFile(join(root, 'README.md'), 'utf8')).to.include('(test/bench/results/kafka-parts.svg)')
  })

  it('draw one dot for each figure that has a ratio', async () => {
    await write()
    const svg = await readFile(join(root, resultsFolder, 'kafka.svg'), 'utf8')
    expect(svg.match(/<circle /g)).to.have.length(2)
    expect(svg).to.match(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  })
})
