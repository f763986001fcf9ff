import { expect } from 'chai'
import { asText, splitArguments } from '../../../invoker/activation/arguments.ts'
import type { Json } from '../../../invoker/domain/json.ts'
import { aMessage } from '../../support/a-message.ts'

const same = (value: Json) => value

describe('splitArguments()', () => {
  it('splits init parameters off, as texts', () => {
    const content = { URL: 'x', N: 1, LIST: [1], NOTHING: null, YES: true, keep: { a: 1 } }
    const message = aMessage({ content, initArgs: ['URL', 'N', 'LIST', 'NOTHING', 'YES', 'absent'] })
    expect(splitArguments(message, same)).to.deep.equal({
      env: { URL: 'x', N: '1', LIST: '[1]', NOTHING: '', YES: 'true' },
      value: { keep: { a: 1 } },
    })
  })

  it('gives an empty object where there is no content', () => {
    const { content: _none, ...rest } = aMessage()
    expect(splitArguments({ ...rest, content: undefined }, same)).to.deep.equal({ env: {}, value: {} })
  })

  it('hands a list on as it is', () => {
    expect(splitArguments(aMessage({ content: [1, 2], initArgs: ['0'] }), same)).to.deep.equal({
      env: {},
      value: [1, 2],
    })
  })

  it('unlocks what is locked, before it goes anywhere', () => {
    const message = aMessage({
      content: { secret: 'LOCKED', open: 'LOCKED' },
      lockedArgs: { secret: 'aes-128', absent: 'aes-128' },
      initArgs: ['secret'],
    })
    const unlock = (value: Json, algorithm: string) => `${algorithm} of ${value}`
    expect(splitArguments(message, unlock)).to.deep.equal({
      env: { secret: 'aes-128 of LOCKED' },
      value: { open: 'LOCKED' },
    })
  })

  it('treats names of the language as names', () => {
    const content = JSON.parse('{"__proto__":"a","constructor":"b","x":1}') as { readonly [key: string]: Json }
    const { env, value } = splitArguments(aMessage({ content, initArgs: ['__proto__'] }), same)
    expect(Object.entries(env)).to.deep.equal([['__proto__', 'a']])
    expect(value).to.deep.equal({ constructor: 'b', x: 1 })
  })
})

describe('asText()', () => {
  it('quotes nothing but structures', () => {
    expect(['a "b"', 1.5, false, null, { a: [1, 'x'] }].map(asText)).to.deep.equal([
      'a "b"',
      '1.5',
      'false',
      '',
      '{"a":[1,"x"]}',
    ])
  })
})
