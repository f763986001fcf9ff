import { alone } from './alone.mjs'
import { build } from './build.mjs'
import { installPackages } from './packages.mjs'

/** Oldest Node.js that runs it: package.json's `engines` says the same. */
const oldest = [20, 19]

/**
 * Makes a checkout ready to run: packages and dist/. With nothing to do it takes some milliseconds.
 * @param {string} root the checkout
 * @throws {Error} with a sentence for the user
 */
export function prepareTree(root) {
  checkNode(process.versions.node)
  alone(root, () => {
    installPackages(root)
    build(root)
  })
}

/** @param {string} version @throws {Error} when it is too old */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new Error(`Cannot run on Node.js ${version}: ${oldest.join('.')} or newer is needed`)
  }
}
