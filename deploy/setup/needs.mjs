/**
 * What the machine must have beside Node.js, and the packages of Debian and Ubuntu that bring it: the first one known
 * there is taken. A need is met when one of `commands` is on the path, or `file` exists.
 * @typedef {{ what: string, commands?: string[], file?: string, packages: string[] }} Need
 */

/** @type {Need[]} Needed to run actions. */
export const toRun = [
  { what: 'runc', commands: ['runc'], packages: ['runc'] },
  { what: 'catatonit', commands: ['catatonit'], packages: ['catatonit'] },
  { what: 'nft', commands: ['nft'], packages: ['nftables'] },
  { what: 'ip', commands: ['ip'], packages: ['iproute2'] },
  { what: 'Python 3', file: '/usr/bin/python3', packages: ['python3'] },
  { what: 'CA certificates', file: '/etc/ssl/certs/ca-certificates.crt', packages: ['ca-certificates'] },
]

/** @type {Need[]} Needed by tests only. */
export const toTest = [
  {
    what: 'Java',
    commands: ['java'],
    packages: ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'default-jre-headless'],
  },
  { what: 'Maven', commands: ['mvn'], packages: ['maven'] },
  { what: 'Pillow', file: '/usr/lib/python3/dist-packages/PIL/__init__.py', packages: ['python3-pil'] },
  { what: 'openssl', commands: ['openssl'], packages: ['openssl'] },
]
