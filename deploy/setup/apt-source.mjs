/** Debian's own key, with which every release is signed. */
const debianKey = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * The source among apt's that has the release `codename` itself, with its component main: where Debian's packages come from on
 * this machine.
 * @param {{ file: string, text: string }[]} files in either of apt's two forms (sources.list(5))
 * @param {string} codename
 * @returns {{ uri: string, signedBy: string } | undefined}
 */
export function debianSource(files, codename) {
  const sources = files.flatMap(({ file, text }) => (file.endsWith('.sources') ? stanzas(text) : lines(text)))
  const found = sources.find(({ suites, components }) => suites.includes(codename) && components.includes('main'))
  return found && { uri: found.uri, signedBy: found.signedBy ?? debianKey }
}

function stanzas(text) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name) => new RegExp(`^${name}: *(.*)$`, 'im').exec(stanza)?.[1]?.trim()
    const words = (name) => field(name)?.split(/\s+/) ?? []
    const [uri] = words('URIs')
    if (uri === undefined || !words('Types').includes('deb') || field('Enabled')?.toLowerCase() === 'no') return []
    return [{ uri, suites: words('Suites'), components: words('Components'), signedBy: keyFile(field('Signed-By')) }]
  })
}

function lines(text) {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line)
    if (match === null) return []
    const [, options = '', uri = '', suite = '', components = ''] = match
    const signedBy = keyFile(/(?:^|\s)signed-by=(\S+)/.exec(options)?.[1])
    return [{ uri, suites: [suite], components: components.split(/\s+/).filter(Boolean), signedBy }]
  })
}

/** A key may also stand in the file itself, and be named by its fingerprint. */
function keyFile(signedBy) {
  return signedBy?.startsWith('/') ? signedBy : undefined
}
