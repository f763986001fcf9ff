import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'

const scripts = path.resolve(import.meta.dirname, '../../../deploy/setup')
const need = { what: 'Tool', commands: ['warmwhisk-test-tool'], packages: ['tool-package'] }

describe('completeSystem()', () => {
  let folder: string

  beforeEach(function () {
    if (process.getuid?.() !== 0) {
      console.log('    skipped: only root may install')
      this.skip()
    }
    folder = mkdtempSync(path.join(tmpdir(), 'complete-'))
    chmodSync(folder, 0o755)
    // Copies, since another user may not look into the checkout.
    for (const name of ['system.mjs', 'run.mjs', 'python.mjs'])
      copyFileSync(path.join(scripts, name), path.join(folder, name))
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** Runs it with an apt-get of our own, which notes what it is asked for. */
  function complete(aptGet: string, uid = 0) {
    writeFileSync(path.join(folder, 'apt-get'), `#!/bin/sh\necho "$@" >> ${folder}/calls\n${aptGet}\n`, { mode: 0o755 })
    const program = `
      import { completeSystem } from ${JSON.stringify(path.join(folder, 'system.mjs'))}
      try { completeSystem([${JSON.stringify(need)}]) } catch (error) { console.error(error.message); process.exitCode = 1 }`
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      uid,
      cwd: '/',
      env: { PATH: `${folder}:/usr/bin:/bin` },
    })
    const calls = path.join(folder, 'calls')
    return {
      code: child.status,
      said: child.stderr,
      calls: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [],
    }
  }

  const install = 'install --yes --no-install-recommends tool-package'

  it('installs what is missing, without reading the package lists anew', () => {
    const { code, said, calls } = complete('exit 0')
    expect(code).to.equal(0)
    expect(said).to.contain('installing Tool')
    expect(calls).to.deep.equal([install])
  })

  it('reads the package lists and tries again when that fails', () => {
    const { code, calls } = complete(`[ "$(wc -l < ${folder}/calls)" -gt 1 ]`)
    expect(code).to.equal(0)
    expect(calls).to.deep.equal([install, 'update', install])
  })

  it('says what failed, and what apt-get said', () => {
    const { code, said } = complete('echo "no network" >&2; exit 100')
    expect(code).to.equal(1)
    expect(said)
      .to.contain('Cannot update the package lists: "apt-get update" ended with 100')
      .and.to.contain('no network')
  })

  it('prints the line to run when it is not root, and goes on', () => {
    const { code, said, calls } = complete('exit 0', 65534)
    expect(code).to.equal(0)
    expect(said).to.contain(`this machine lacks Tool; to install it, run:\n  sudo apt-get ${install}`)
    expect(calls).to.deep.equal([])
  })
})
