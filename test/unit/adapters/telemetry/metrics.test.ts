import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { meanings } from '../../../../invoker/adapters/telemetry/metrics.ts'
import { checkout } from '../../../support/run-program.ts'

/** Names of metrics that the sources spell out; `${…}` in one stands for anything. */
function spelledOut(): RegExp[] {
  const folder = path.join(checkout, 'invoker')
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('adapters/telemetry'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n')
  const calls = sources.matchAll(/\.(?:count|gauge|observe)\(\s*(?:'([^']+)'|`([^`]+)`)/g)
  return [...calls].map(
    ([, plain = '', template = '']) => new RegExp(`^${(plain || template).replace(/\$\{[^}]*\}/g, '\\w+')}$`),
  )
}

describe('the meanings of metrics', () => {
  it('are there for every metric that is counted', () => {
    const names = Object.keys(meanings)
    const nameless = spelledOut().filter((pattern) => !names.some((name) => pattern.test(name)))
    expect(nameless.map(String)).to.deep.equal([])
  })

  it('are there for no other', () => {
    const patterns = spelledOut()
    expect(Object.keys(meanings).filter((name) => !patterns.some((pattern) => pattern.test(name)))).to.deep.equal([])
  })
})
