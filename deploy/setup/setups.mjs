import { lacking, setUpFunctionbench } from './functionbench.mjs'

/**
 * What `warmwhisk setup NAME` makes ready on request. `setUp` says on stderr what takes its time, and gives what is lacking still.
 * @typedef {{ name: string, says: string, lacking(root: string): string[], setUp(root: string): string[] }} Setup
 */

/** @type {Setup[]} */
export const setups = [
  {
    name: 'functionbench',
    says: 'the libraries, npm packages and models of the functions in actions/functionbench',
    lacking,
    setUp: setUpFunctionbench,
  },
]
