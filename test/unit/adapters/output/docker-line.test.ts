import { expect } from 'chai'
import { dockerLineBytes } from '../../../../invoker/adapters/output/docker-line.ts'

/** A record as docker writes it, with a time of full length. */
const record = (log: string): number =>
  Buffer.byteLength(`{"log":"${log}","stream":"stdout","time":"2026-01-01T00:00:00.123456789Z"}\n`)

describe('dockerLineBytes()', () => {
  it('counts the record around the text, and its newline', () => {
    expect(dockerLineBytes('hello', false)).to.equal(record('hello\\n'))
  })

  it('counts no newline in a piece of a line', () => {
    expect(dockerLineBytes('hello', true)).to.equal(record('hello'))
  })

  it('counts what JSON escapes, and what docker escapes for HTML', () => {
    expect(dockerLineBytes('"a\\b"\t', false)).to.equal(record('\\"a\\\\b\\"\\t\\n'))
    expect(dockerLineBytes('<&>\u0001\u2028', false)).to.equal(record('\\u003c\\u0026\\u003e\\u0001\\u2028\\n'))
  })

  it('counts other characters by their bytes', () => {
    expect(dockerLineBytes('€', false)).to.equal(record('€\\n'))
  })
})
