import { expect } from 'chai'
import { banner } from '../../../deploy/cli/banner.ts'

const started = {
  url: 'http://127.0.0.1:3233',
  guestKey: 'uuid:key',
  dataDir: '/var/lib/x',
  isolation: 'containers by runc',
  kinds: ['nodejs:20', 'python:3'],
}

describe('banner()', () => {
  it('has the line for wsk ready to be pasted, with the scheme', () => {
    expect(banner(started).split('\n')).to.include('  wsk property set --apihost http://127.0.0.1:3233 --auth uuid:key')
  })

  it('tells the data directory, what isolates containers, and the kinds', () => {
    expect(banner(started))
      .to.contain('/var/lib/x')
      .and.to.contain('containers by runc')
      .and.to.contain('nodejs:20, python:3')
  })

  it('says where to look when no kind can run', () => {
    expect(banner({ ...started, kinds: [] })).to.contain('none: see "warmwhisk doctor"')
  })
})
