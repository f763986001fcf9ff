import { homedir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import {
  durationMs,
  flag,
  folder,
  hosts,
  json,
  list,
  number,
  oneOf,
  optional,
  type SettingType,
  sizeBytes,
  sizeMb,
  whole,
} from '../../../invoker/config/types.ts'

function read<T>(type: SettingType<T>, text: string): T {
  return type.schema.parse(text)
}

function problem(type: SettingType<unknown>, text: string): string {
  const result = type.schema.safeParse(text)
  return result.success ? 'none' : result.error.issues.map((issue) => issue.message).join('; ')
}

describe('types of settings', () => {
  it('reads durations with every unit that OpenWhisk writes', () => {
    const texts = ['10 minutes', '10 min', '10m', '60s', '1 hour', '100 ms', '250', '1.5s', '7 days']
    expect(texts.map((text) => read(durationMs, text))).to.deep.equal([
      600_000, 600_000, 600_000, 60_000, 3_600_000, 100, 250, 1500, 604_800_000,
    ])
  })

  it('says how a duration is written when it is not one', () => {
    expect(problem(durationMs, 'soon')).to.equal(
      'expected a number and a unit, such as "10 minutes", "60s" or "500 ms"',
    )
    expect(problem(durationMs, '10 parsecs')).to.contain('expected a number and a unit')
    expect(problem(durationMs, '-1s')).to.contain('expected a number and a unit')
  })

  it('reads memory in whole megabytes and refuses what has no unit', () => {
    expect(['2048m', '256 MB', '1g'].map((text) => read(sizeMb, text))).to.deep.equal([2048, 256, 1024])
    expect(problem(sizeMb, '2048')).to.equal('expected a whole number and a unit, such as "256 MB"')
    expect(problem(sizeMb, '5 KB')).to.equal('expected whole megabytes, such as "256 MB"')
  })

  it('reads sizes in bytes, bare numbers too', () => {
    expect(['1m', '6068', '6068 B', '2k'].map((text) => read(sizeBytes, text))).to.deep.equal([
      1_048_576, 6068, 6068, 2048,
    ])
  })

  it('reads lists with commas and as HOCON writes them', () => {
    expect(read(list, 'a, b,,c')).to.deep.equal(['a', 'b', 'c'])
    expect(read(list, '["a", "b"]')).to.deep.equal(['a', 'b'])
    expect(read(list, '')).to.deep.equal([])
  })

  it('reads hosts with their ports and refuses one without', () => {
    expect(read(hosts, 'kafka0:9092,[::1]:9093')).to.deep.equal(['kafka0:9092', '[::1]:9093'])
    expect(problem(hosts, 'kafka0')).to.contain('expected host:port')
    expect(problem(hosts, 'http://kafka0:9092')).to.contain('expected host:port')
  })

  it('reads booleans as HOCON does', () => {
    expect(['true', 'on', 'yes', 'false', 'off', 'no'].map((text) => read(flag, text))).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
    expect(problem(flag, '1')).to.equal('expected true or false')
  })

  it('bounds numbers', () => {
    expect(read(number({ min: 0, above: true, max: 1 }), '0.5')).to.equal(0.5)
    expect(problem(number({ min: 0, above: true, max: 1 }), '0')).to.equal('expected a number above 0 to 1')
    expect(problem(number({ min: 0, max: 1 }), '')).to.equal('expected a number from 0 to 1')
    expect(problem(whole(1, 65535), '65536')).to.equal('expected a whole number from 1 to 65535')
    expect(problem(whole(1), '1.5')).to.equal('expected a whole number of 1 or more')
  })

  it('takes one of a few words', () => {
    expect(problem(oneOf('http', 'https'), 'ftp')).to.equal('expected one of http, https')
  })

  it('takes nothing for undefined where a setting is optional, and still judges what is there', () => {
    expect(read(optional(whole(0)), '')).to.equal(undefined)
    expect(problem(optional(whole(0)), 'x')).to.equal('expected a whole number of 0 or more')
  })

  it('makes folders absolute and knows the home folder', () => {
    expect(read(folder, '~/data')).to.equal(path.join(homedir(), 'data'))
    expect(read(folder, 'data')).to.equal(path.resolve('data'))
    expect(read(folder, '/a/~/b')).to.equal('/a/~/b')
    expect(read(folder, '')).to.equal('')
  })

  it('names what is wrong with JSON', () => {
    expect(problem(json, '{')).to.contain('expected JSON')
  })
})
