import { expect } from 'chai'
import { launchHere } from '../../../../invoker/adapters/process/launch-here.ts'

const launch = {
  kind: 'nodejs:20',
  command: ['/opt/warmwhisk/node/bin/node', '/opt/warmwhisk/runtimes/nodejs/main.cjs', '/opt/warmwhisker'],
  env: { PATH: '/opt/warmwhisk/node/bin:/usr/bin', MODE: 'plain' },
  binds: [
    { source: '/home/me/warmwhisk', target: '/opt/warmwhisk' },
    { source: '/home/me/.nvm/20', target: '/opt/warmwhisk/node' },
  ],
}

describe('launchHere()', () => {
  it('puts the sources of binds in the place of their targets, the longest target first', () => {
    expect(launchHere(launch).command).to.deep.equal([
      '/home/me/.nvm/20/bin/node',
      '/home/me/warmwhisk/runtimes/nodejs/main.cjs',
      '/opt/warmwhisker',
    ])
  })

  it('does so in paths of the environment', () => {
    expect(launchHere(launch).env).to.deep.equal({ PATH: '/home/me/.nvm/20/bin:/usr/bin', MODE: 'plain' })
  })
})
