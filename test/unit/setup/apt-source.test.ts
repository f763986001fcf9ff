import { expect } from 'chai'
import { debianSource } from '../../../deploy/setup/apt-source.mjs'

const other = {
  file: '/etc/apt/sources.list.d/a.list',
  text: 'deb [signed-by=/keys/a.gpg] http://a.example/apt any main\n',
}
const modern = {
  file: '/etc/apt/sources.list.d/debian.sources',
  text: `# Of the installation
Types: deb
URIs: http://deb.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /keys/security.gpg

Types: deb deb-src
URIs: http://deb.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /keys/debian.gpg
`,
}

describe('debianSource()', () => {
  it('finds the source of the release itself, not that of its security updates or of other programs', () => {
    expect(debianSource([other, modern], 'bookworm')).to.deep.equal({
      uri: 'http://deb.example/debian',
      signedBy: '/keys/debian.gpg',
    })
  })

  it('reads the older form, with and without options', () => {
    const plain = {
      file: '/etc/apt/sources.list',
      text: '# deb http://no.example x main\ndeb http://deb.example/d bookworm main\n',
    }
    expect(debianSource([plain], 'bookworm')).to.deep.equal({
      uri: 'http://deb.example/d',
      signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    })
    const text = 'deb [arch=amd64 signed-by=/keys/k.gpg] http://deb.example/d bookworm main contrib\n'
    expect(debianSource([{ ...plain, text }], 'bookworm')?.signedBy).to.equal('/keys/k.gpg')
  })

  it('takes no source that is switched off, has only sources, or lacks main', () => {
    const text = (lines: string): string => `URIs: http://deb.example/d\nSuites: bookworm\n${lines}\n`
    for (const lines of [
      'Types: deb\nComponents: main\nEnabled: no',
      'Types: deb-src\nComponents: main',
      'Types: deb\nComponents: contrib',
    ]) {
      expect(debianSource([{ file: 'x.sources', text: text(lines) }], 'bookworm')).to.equal(undefined)
    }
  })

  it('falls back to the key of Debian where the key stands in the file', () => {
    const text =
      'Types: deb\nURIs: http://deb.example/d\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN PGP\n'
    expect(debianSource([{ file: 'x.sources', text }], 'bookworm')?.signedBy).to.match(/^\/usr\/share\/keyrings/)
  })
})
