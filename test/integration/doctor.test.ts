import { expect } from 'chai'
import { runProgram } from '../support/run-program.ts'

const doctor = [process.execPath, 'deploy/cli/warmwhisk.mjs', 'doctor']
const noNpm = { npm_lifecycle_event: '' }

describe('warmwhisk doctor', function () {
  this.timeout(60_000)

  it('lists every thing with what it found, and agrees with itself', async () => {
    const { code, stdout } = await runProgram([...doctor, '--json'], noNpm)
    const report = JSON.parse(stdout) as { isReady: boolean; things: { what: string; isThere: boolean }[] }
    expect(code).to.equal(report.isReady ? 0 : 1)
    const names = report.things.map(({ what }) => what)
    for (const what of [
      'Linux',
      'cgroups',
      'seccomp',
      'KSM',
      'PSI',
      'Node.js',
      'runc',
      'catatonit',
      'CRIU',
      'Python',
      'Java',
    ]) {
      expect(names).to.include(what)
    }
    expect(names.filter((name) => /^(nodejs|python):/.test(name))).to.have.length.above(1)
  })

  it('finds this very Node.js, and the kind that it offers', async () => {
    const { stdout } = await runProgram(doctor, noNpm)
    expect(stdout).to.match(new RegExp(`^ok +Node\\.js +${process.versions.node}$`, 'm'))
  })

  it('misses services that are configured and do not answer, and exits with 1', async () => {
    const env = {
      ...noNpm,
      KAFKA_HOSTS: '127.0.0.1:1',
      CONFIG_whisk_couchdb_host: '127.0.0.1',
      CONFIG_whisk_couchdb_port: '1',
    }
    const { code, stdout } = await runProgram(doctor, env)
    expect(code).to.equal(1)
    expect(stdout).to.match(/^MISSING +Kafka at 127\.0\.0\.1:1 .*ECONNREFUSED/m)
    expect(stdout).to.match(/^MISSING +CouchDB /m)
  })

  it('names wrong settings and goes on', async () => {
    const { code, stdout } = await runProgram(doctor, { ...noNpm, WARMWHISK_API_PROT: '1' })
    expect(code).to.equal(1)
    expect(stdout).to.contain('did you mean WARMWHISK_API_PORT?').and.to.contain('Node.js')
  })
})
