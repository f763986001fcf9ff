import { expect } from 'chai'
import { hasTemplate, templateLaunch } from '../../../../invoker/adapters/fork/template-launch.ts'
import { pythonLaunch } from '../../../support/a-fork-engine.ts'
import { tinyLaunch } from '../../../support/tiny-runtime.ts'

describe('hasTemplate()', () => {
  it('is so for our own Python runtime, and for no other', () => {
    expect([pythonLaunch, tinyLaunch].map(hasTemplate)).to.deep.equal([true, false])
  })
})

describe('templateLaunch()', () => {
  it('starts the template’s program in place of the runtime’s, with all else equal, and one thread', () => {
    const launch = templateLaunch(pythonLaunch, 256)
    expect(launch.command).to.deep.equal(['/usr/bin/python3', '-s', '-B', '/opt/warmwhisk/runtimes/python/template.py'])
    expect(launch.binds).to.equal(pythonLaunch.binds)
    expect(launch.env).to.deep.equal({
      ...pythonLaunch.env,
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      MKL_NUM_THREADS: '1',
    })
  })
})
