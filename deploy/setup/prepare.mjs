#!/usr/bin/env node
// Prepares a fresh clone for `npm start`, and with --for-tests for `npm test`. Built-ins only: it runs before any package is there.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setUpCriu } from './criu.mjs'
import { setUpFunctionbench } from './functionbench.mjs'
import { forFunctionbench, toRun, toTest } from './needs.mjs'
import { checkNode, prepareTree } from './prepare-tree.mjs'
import { completeSystem } from './system.mjs'

// import.meta.dirname is absent from Node.js that is too old: it must come as far as the sentence that says so.
const root = path.resolve(fileURLToPath(import.meta.url), '../../..')
const forTests = process.argv.includes('--for-tests')
const tools = process.env.WARMWHISK_TOOLS || path.join(root, '.warmwhisk', 'tools')

try {
  checkNode(process.versions.node)
  completeSystem(forTests ? [...toRun, ...toTest, ...forFunctionbench] : toRun)
  setUpCriu({ root, tools, isNeeded: forTests })
  prepareTree(root)
  if (forTests) {
    setUpFunctionbench(root)
    await unpackBroker()
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

/** The jars of the Kafka broker that tests start. */
async function unpackBroker() {
  const { ensureJars } = await import('../../dist/deploy/kafka/jars.js')
  await ensureJars({ pom: path.join(root, 'deploy/kafka/pom.xml'), toolsDirectory: tools })
}
