#!/usr/bin/env node
// The command `warmwhisk`: makes the checkout ready when it is not, then runs the compiled program in this process.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareTree } from '../setup/prepare-tree.mjs'

// import.meta.dirname is absent from Node.js that is too old: it must come as far as the sentence that says so.
const root = path.resolve(fileURLToPath(import.meta.url), '../../..')

try {
  prepareTree(root)
  const { runProcess } = await import('../../dist/deploy/cli/process.js')
  await runProcess(root)
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
