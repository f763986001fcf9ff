import { expect } from 'chai'
import { scanNode } from '../../../../invoker/images/want/scan-node.ts'

describe('scanNode()', () => {
  it('finds every form of import, in order', () => {
    const source = `const a = require('lodash/fp'), b = require ( "@scope/package/part" )
import x, { y as z } from 'mod-a'
import * as q from "mod-b"; import 'mod-c'
export { a } from 'mod-d'; export * from 'mod-e'
const l = await import(\`mod-f\`)
import {
  one,
  two,
} from
  'mod-g'
import{m}from"mod-h";var n=require("mod-i")`
    expect(scanNode(source)).to.deep.equal([
      ...['lodash', '@scope/package', 'mod-a', 'mod-b', 'mod-c', 'mod-d', 'mod-e', 'mod-f', 'mod-g', 'mod-h', 'mod-i'],
    ])
  })

  it('leaves out files, URLs, and modules of Node.js in their own spelling', () => {
    const source = `require('./a'); require('/b'); require('..'); require('node:fs'); import('https://c/d'); require('@scope')`
    expect(scanNode(source)).to.deep.equal([])
  })

  it('sees no imports in strings and comments', () => {
    const source = `
// require('a')
/* import 'b'
 require('c') */
const s = "require('d')", t = 'import "e"', u = \`
 import 'f' \\\` import 'g'\`
const v = 'it\\'s'; require('real')`
    expect(scanNode(source)).to.deep.equal(['real'])
  })

  it('takes other uses of the words for what they are', () => {
    const source = `x.require('a'); $require('b'); require(name); Array.from('c'); requires('d'); export default 'e'; import.meta.url + 'f'`
    expect(scanNode(source)).to.deep.equal([])
  })

  it('goes on behind a regular expression with a quote', () => {
    expect(scanNode(`const re = /'/g\nrequire('found')`)).to.deep.equal(['found'])
  })
})
