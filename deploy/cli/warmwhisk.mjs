#!/usr/bin/env node
// The command `warmwhisk`: makes the checkout ready when it is not, then runs the compiled program in this process.
import path from 'node:path'
import { prepareTree } from '../setup/prepare-tree.mjs'

const root = path.resolve(import.meta.dirname, '../..')

try {
  prepareTree(root)
  const { runProcess } = await import('../../dist/deploy/cli/process.js')
  await runProcess(root)
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
