import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { skip, whyNoRunc } from '../../support/factories.ts'

const run = promisify(execFile)

/** Tries a benchmark with few rounds; gives what it printed. */
async function quick(name: string): Promise<string> {
  const words = ['--import', 'tsx', `test/bench/${name}/main.ts`, '--quick']
  return (await run(process.execPath, words, { timeout: 170_000 })).stdout
}

describe('the benchmarks', () => {
  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })

  it('of Kafka measure both kinds on both sides, and memory', async () => {
    const printed = await quick('kafka')
    for (const kind of ['python:3', 'nodejs:20']) {
      for (const inFlight of [1, 4]) {
        expect(printed).to.match(
          new RegExp(`^\\| ${kind}, ${inFlight} in flight: CPU per activation \\| .* ms \\|`, 'm'),
        )
      }
    }
    expect(printed).to.match(/^\| RSS after 60 activations, against after 20 \| /m)
    expect(printed).to.include('nothing is written')
  }).timeout(180_000)

  it('of standalone measure both kinds', async () => {
    const printed = await quick('warm')
    for (const kind of ['python:3', 'nodejs:20']) {
      expect(printed).to.match(new RegExp(`^\\| ${kind}: added to the bare run, p50 \\| .* ms \\|`, 'm'))
    }
    expect(printed).to.include('nothing is written')
  }).timeout(180_000)

  it('of first runs compare every function with both ways of OpenWhisk, and its dependencies with imports', async () => {
    const printed = await quick('cold')
    for (const name of ['matmul', 'float-operation']) {
      for (const other of ['the cold path', 'a prewarmed stem cell']) {
        expect(printed).to.match(new RegExp(`^\\| ${name}: start, against ${other} \\| .* ms \\|`, 'm'))
      }
    }
    expect(printed).to.match(/^\| load of torch \+ scikit-learn \+ pandas: import, against restore \| .* ms \|/m)
    expect(printed).to.match(/^\| warm stem cell: .*, p99 \| .* ms \|/m)
  }).timeout(180_000)

  it('of bursts and of caches measure and simulate', async () => {
    expect(await quick('burst')).to.match(/^\| first lines per second until the last, .* \/s \|/m)
    const printed = await quick('cache')
    for (const title of [
      '3 functions on one image',
      'image of numpy: what one idle',
      'a day of 400 functions',
      'replay, ',
    ]) {
      expect(printed).to.include(`| ${title}`)
    }
  }).timeout(340_000)
})
