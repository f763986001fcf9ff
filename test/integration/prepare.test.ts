import { expect } from 'chai'
import { runProgram } from '../support/run-program.ts'

describe('preparing a clone', function () {
  this.timeout(120_000)

  it('says nothing and touches nothing when there is nothing to do', async () => {
    // The first run may compile what was edited since the last one.
    expect(await runProgram([process.execPath, 'deploy/setup/prepare.mjs'])).to.include({ code: 0 })
    const before = await runProgram(['stat', '--format=%Y %n', 'package-lock.json', 'dist', 'node_modules'])
    const again = await runProgram([process.execPath, 'deploy/setup/prepare.mjs'])
    expect(again).to.deep.equal({ code: 0, stdout: '', stderr: '' })
    expect(await runProgram(['stat', '--format=%Y %n', 'package-lock.json', 'dist', 'node_modules'])).to.deep.equal(
      before,
    )
  })

  it('needs no network and no npm when there is nothing to do', async () => {
    const env = { PATH: '/usr/sbin:/usr/bin', npm_execpath: '/nowhere/npm-cli.js', HTTPS_PROXY: 'http://127.0.0.1:1' }
    const command = ['/usr/bin/env', process.execPath, 'deploy/setup/prepare.mjs']
    expect(await runProgram(command, env)).to.include({ code: 0, stderr: '' })
  })

  it('changes nothing on a Node.js that is too old, and says so', async () => {
    const old = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "18.20.4" })'
    for (const program of ['deploy/setup/prepare.mjs', 'deploy/cli/warmwhisk.mjs']) {
      expect(await runProgram([process.execPath, '--import', old, program])).to.deep.equal({
        code: 1,
        stdout: '',
        stderr: 'Cannot run on Node.js 18.20.4: 20.19 or newer is needed\n',
      })
    }
  })

  it('leaves the lock file as it is committed', async () => {
    expect(await runProgram(['git', 'diff', '--exit-code', '--stat', 'HEAD', '--', 'package-lock.json'])).to.include({
      code: 0,
    })
  })
})
