import { expect } from 'chai'
import { readAnswer, readReport } from '../../../../invoker/adapters/fork/messages.ts'

describe('readAnswer()', () => {
  it('reads each message of a template', () => {
    const answers = [
      '{"importing":"torch","done":0,"total":2}',
      '{"built":{"imports":[{"module":"torch","ms":12.5}],"modules":["torch","json"],"threads":1}}',
      '{"confined":true}',
      '{"smoke":"ok"}',
      '{"id":7,"pid":1234}',
      '{"ended":1234,"status":9}',
      '{"unsuitable":"threads"}',
      '{"id":7,"failed":"no room"}',
    ].map(readAnswer)
    expect(answers).to.deep.equal([
      { kind: 'importing', module: 'torch', done: 0, total: 2 },
      { kind: 'built', built: { imports: [{ module: 'torch', ms: 12.5 }], modules: ['torch', 'json'] } },
      { kind: 'confined' },
      { kind: 'smoked' },
      { kind: 'forked', id: 7, pid: 1234 },
      { kind: 'ended', pid: 1234, status: 9 },
      { kind: 'unsuitable', reason: 'threads' },
      { kind: 'failed', reason: 'no room' },
    ])
  })

  it('refuses what a template does not say', () => {
    for (const line of [
      '',
      'null',
      '[]',
      '{}',
      '{"id":1,"pid":"1; rm"}',
      '{"id":1,"pid":-1}',
      '{"ended":1.5,"status":0}',
    ])
      expect(() => readAnswer(line), line).to.throw()
  })
})

describe('readReport()', () => {
  it('reads both reports of a child, and no others', () => {
    expect(readReport('{"ready":true,"ms":{"fork":1}}')).to.deep.equal({ kind: 'ready' })
    expect(readReport('{"failed":"OSError"}')).to.deep.equal({ kind: 'failed', reason: 'OSError' })
    expect(() => readReport('{"ready":1}')).to.throw('nobody understands')
  })
})
