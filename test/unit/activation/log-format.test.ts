import { expect } from 'chai'
import { assembleLogs } from '../../../invoker/activation/log-format.ts'
import { line } from '../../support/fake-containers.ts'

const usual = { end: 'whole', isDeveloperError: false, limitBytes: 1_048_576, nowMs: 1_767_225_600_123 } as const
const truncation =
  '2026-01-01T00:00:00.123Z       stderr: Logs were truncated because the total bytes size exceeds the limit of 1048576 bytes.'
const failure =
  '2026-01-01T00:00:00.123Z       stderr: There was an issue while collecting your logs. Data might be missing.'
const warning =
  '2026-01-01T00:00:00.123Z       stderr: The action did not initialize or run as expected. Log data might be missing.'
const hello = '2026-01-01T00:00:00.123000000Z stdout: hello'

describe('assembleLogs()', () => {
  it('gives the lines when all are there', () => {
    expect(assembleLogs([line('hello')], usual)).to.deep.equal({ logs: [hello], isComplete: true })
  })

  it('keeps the stream, and lines without text', () => {
    const { logs } = assembleLogs([line('', 'stderr')], usual)
    expect(logs).to.deep.equal(['2026-01-01T00:00:00.123000000Z stderr: '])
  })

  it('says that they were truncated', () => {
    expect(assembleLogs([line('hello')], { ...usual, end: 'limit' })).to.deep.equal({
      logs: [hello, truncation],
      isComplete: false,
    })
  })

  it('says that some may be missing', () => {
    expect(assembleLogs([], { ...usual, end: 'missing' })).to.deep.equal({ logs: [failure], isComplete: false })
  })

  it('warns last of a developer error, which leaves the logs whole', () => {
    expect(assembleLogs([line('hello')], { ...usual, isDeveloperError: true })).to.deep.equal({
      logs: [hello, warning],
      isComplete: true,
    })
    expect(assembleLogs([], { ...usual, end: 'limit', isDeveloperError: true }).logs).to.deep.equal([
      truncation,
      warning,
    ])
  })
})
