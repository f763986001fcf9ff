import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { checkout, runProgram } from '../support/run-program.ts'

const warmwhisk = [process.execPath, 'deploy/cli/warmwhisk.mjs']
/** What npm tells the scripts that it runs must not reach those that we run: `npm test` runs us. */
const noNpm = { npm_lifecycle_event: '' }

describe('the command warmwhisk', function () {
  this.timeout(120_000)

  it('runs from a clone, also by npx', async () => {
    const direct = await runProgram([...warmwhisk, '--version'], noNpm)
    const byNpx = await runProgram(['npx', 'warmwhisk', '--version'], noNpm)
    expect(direct).to.include({ code: 0 })
    expect(direct.stdout).to.match(/^\d+\.\d+\.\d+\n$/)
    expect(byNpx.stdout).to.equal(direct.stdout)
  })

  it('names the nearest word or option and exits with 2', async () => {
    const word = await runProgram([...warmwhisk, 'standalon'], noNpm)
    expect(word).to.include({ code: 2, stdout: '' })
    expect(word.stderr).to.contain('did you mean "standalone"?')
    const option = await runProgram([...warmwhisk, 'standalone', '--prot', '1'], noNpm)
    expect(option.code).to.equal(2)
    expect(option.stderr).to.contain('did you mean "--port"?')
  })

  it('lists every wrong setting and exits with 1, before anything is opened', async () => {
    const { code, stderr } = await runProgram([...warmwhisk, 'invoker'], { ...noNpm, PORT: 'x' })
    expect(code).to.equal(1)
    for (const part of ['--id', 'KAFKA_HOSTS', 'CONFIG_whisk_couchdb_host', 'PORT: "x"'])
      expect(stderr).to.contain(part)
  })

  it('shows the right line when npm keeps the options', async () => {
    const kept = await runProgram(['npm', 'start', '--port', '3234', '--data-dir', '/tmp/x'])
    expect(kept.code).to.not.equal(0)
    expect(kept.stderr).to.contain('npm start -- --port 3234 --data-dir /tmp/x')
  })

  it('starts a broker in the foreground and ends it on SIGTERM', async () => {
    const child = spawn(process.execPath, ['deploy/cli/warmwhisk.mjs', 'kafka', '--port', '0'], {
      cwd: checkout,
      env: { ...process.env, ...noNpm },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(createInterface(child.stdout), 'line')
    expect(line).to.match(/^Kafka answers on 127\.0\.0\.1:\d+; Ctrl-C stops it$/)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).to.deep.equal([0, null])
  })
})
