/**
 * What the machine must have beside Node.js, and the packages of Debian and Ubuntu that bring it: the first one known
 * there is taken. A need is met when one of `commands` is on the path, `file` exists, or the system's Python finds `module`.
 * @typedef {{ what: string, commands?: string[], file?: string, module?: string, packages: string[] }} Need
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
  { what: 'openssl', commands: ['openssl'], packages: ['openssl'] },
]

/** @type {(Need & { module: string })[]} What the functions in actions/functionbench import. */
export const forFunctionbench = [
  { what: 'NumPy', module: 'numpy', packages: ['python3-numpy'] },
  { what: 'Pillow', module: 'PIL', packages: ['python3-pil'] },
  { what: 'OpenCV', module: 'cv2', packages: ['python3-opencv'] },
  { what: 'pandas', module: 'pandas', packages: ['python3-pandas'] },
  { what: 'scikit-learn', module: 'sklearn', packages: ['python3-sklearn'] },
  { what: 'torch', module: 'torch', packages: ['python3-torch'] },
  { what: 'torchvision', module: 'torchvision', packages: ['python3-torchvision'] },
  { what: 'Chameleon', module: 'chameleon', packages: ['python3-chameleon'] },
]
