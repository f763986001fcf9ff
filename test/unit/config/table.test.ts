import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { rows } from '../../../invoker/config/table.ts'
import { checkout } from '../../support/run-program.ts'

/** The sources that read the configuration: who constructs, and what stands around it. */
function readers(): string {
  const inFolder = (folder: string) =>
    readdirSync(path.join(checkout, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(folder, name))
  const files = [
    'invoker/build.ts',
    'invoker/config/system-limits.ts',
    ...inFolder('invoker/build'),
    ...inFolder('deploy'),
  ]
  return files.map((file) => readFileSync(path.join(checkout, file), 'utf8')).join('\n')
}

describe('the table of settings', () => {
  it('has a default for every setting that its own type accepts', () => {
    for (const { setting, path: name } of rows()) {
      expect(setting.type.schema.safeParse(setting.default).success, name).to.equal(true)
    }
  })

  it('has no setting that nothing reads', () => {
    const sources = readers()
    const unread = rows().filter(({ group, name }) => {
      return !new RegExp(`\\b${group === 'kafkaSecurity' ? group : name}\\b`).test(sources)
    })
    expect(unread.map((row) => row.path)).to.deep.equal([])
  })
})
