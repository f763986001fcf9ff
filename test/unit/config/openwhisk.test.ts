import { expect } from 'chai'
import { transformEnvironment } from '../../../invoker/config/openwhisk.ts'
import { openwhiskVariable, ownVariable } from '../../../invoker/config/setting.ts'
import { rows } from '../../../invoker/config/table.ts'

describe('transformEnvironment()', () => {
  it('makes keys of CONFIG_ variables: dots for underscores, kebab-case for camelCase, capitals as they are', () => {
    const keys = transformEnvironment({
      CONFIG_whisk_containerPool_userMemory: '2048m',
      CONFIG_whisk_couchdb_databases_WhiskAuth: 'subjects',
      OTHER: 'x',
    })
    expect([...keys.keys()]).to.deep.equal(['whisk.container-pool.user-memory', 'whisk.couchdb.databases.WhiskAuth'])
  })

  it('follows $NAME, and leaves it where that variable is empty', () => {
    const keys = transformEnvironment({ CONFIG_a_b: '$HERE', HERE: 'there', CONFIG_c: '$NOWHERE' })
    expect(keys.get('a.b')?.value).to.equal('there')
    expect(keys.get('c')?.value).to.equal('$NOWHERE')
  })

  it('skips empty values', () => {
    expect(transformEnvironment({ CONFIG_a: '' }).size).to.equal(0)
  })

  it('finds every setting under the variable that the documentation names', () => {
    for (const { setting } of rows()) {
      for (const key of (setting.openwhisk ?? []).filter((name) => name.includes('.') && !/-\d/.test(name))) {
        expect([...transformEnvironment({ [openwhiskVariable(key)]: 'x' }).keys()]).to.deep.equal([key])
      }
    }
  })
})

describe('names of variables', () => {
  it('are made of group and name, without the unit', () => {
    expect(ownVariable('pool', 'userMemoryMb')).to.equal('WARMWHISK_POOL_USER_MEMORY')
    expect(ownVariable('whiskApi', 'name')).to.equal('WARMWHISK_WHISK_API_NAME')
  })

  it("are distinct, ours and OpenWhisk's", () => {
    const names = rows().flatMap(({ group, name, setting }) => [ownVariable(group, name), ...(setting.openwhisk ?? [])])
    expect(new Set(names).size).to.equal(names.length)
  })
})
