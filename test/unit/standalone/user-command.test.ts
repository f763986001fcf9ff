import { expect } from 'chai'
import { runUserWords } from '../../../deploy/standalone/user-command.ts'
import type { UserAnswer } from '../../../deploy/standalone/users.ts'
import { SubjectStore } from '../../../invoker/store/subjects.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'

const key = `11111111-2222-4333-8444-555555555555:${'k'.repeat(64)}`

describe('runUserWords()', () => {
  let directory: PouchDirectory
  let subjects: SubjectStore

  before(async () => {
    directory = await pouchDirectory()
    subjects = new SubjectStore({ subjects: directory.databases.subjects, clock: new FakeClock() })
  })

  after(() => directory.stop())

  const run = (line: string): Promise<UserAnswer> => runUserWords(line.split(' '), subjects)
  const printed = async (line: string): Promise<string> => (await run(line)).print.join('\n')
  const complained = async (line: string): Promise<string> => (await run(line)).complain.join('\n')

  it('makes a subject with a key of its own, and prints it', async () => {
    expect(await printed('create maker')).to.match(/^[0-9a-f-]{36}:[A-Za-z0-9]{64}$/)
    expect(await printed('get maker')).to.equal(await printed('list maker --key'))
  })

  it('makes a subject with a given key, and tells whose it is', async () => {
    expect(await printed(`create other -u ${key}`)).to.equal(key)
    expect(await printed(`whois ${key}`)).to.equal('subject: other\nnamespace: other')
  })

  it('gives a subject more namespaces and takes them away', async () => {
    await run('create several -ns spaceone')
    await run('create several --namespace=spacetwo')
    expect(await printed('get several --all')).to.match(/^spaceone\t.*\nspacetwo\t/)
    expect(await printed('list spacetwo')).to.match(/\tseveral$/)
    expect(await printed('delete several -ns spaceone')).to.equal('Namespace deleted')
    expect(await complained('get several -ns spaceone')).to.contain('has no namespace "spaceone"')
  })

  it('blocks and takes back', async () => {
    await run(`create blockme -u ${key.replace('1111', '2222')}`)
    expect(await printed('block blockme')).to.equal('"blockme" blocked successfully')
    expect(await complained(`whois ${key.replace('1111', '2222')}`)).to.contain('nobody has this key')
    expect(await printed('unblock blockme')).to.equal('"blockme" unblocked successfully')
    expect(await printed(`whois ${key.replace('1111', '2222')}`)).to.contain('blockme')
  })

  it('sets, shows and removes limits', async () => {
    expect(await printed('limits get other')).to.equal('No limits found, default system limits apply')
    await run('limits set other --invocationsPerMinute 5 --storeActivations false --allowedKinds nodejs:20 python:3.11')
    await run('limits set other --maxPayloadSize 1 MB')
    expect((await printed('limits get other')).split('\n')).to.have.members([
      'invocationsPerMinute = 5',
      'storeActivations = false',
      'allowedKinds = nodejs:20, python:3.11',
      'maxPayloadSize = 1 MB',
    ])
    expect(await printed('limits delete other')).to.equal('Limits deleted')
    expect(await subjects.limits('other')).to.deep.equal({})
  })

  it('removes a subject', async () => {
    await run('create removed')
    expect(await printed('delete removed')).to.equal('Subject deleted')
    expect((await run('delete removed')).exitCode).to.equal(1)
  })

  const mistakes: readonly (readonly [line: string, exitCode: number, text: string])[] = [
    ['', 2, 'Usage: warmwhisk user'],
    ['creat someone', 2, 'Unknown command "user creat"'],
    ['limits put other', 2, 'Unknown command "user limits put"'],
    ['create', 2, 'Missing a name'],
    ['create abc', 1, 'at least 5 characters'],
    ['create newone -u nonsense', 1, 'uuid:key'],
    ['get nobody', 1, 'there is no subject "nobody"'],
    ['block nobody', 1, 'there is no subject "nobody"'],
    ['limits set other', 1, 'no limit is given'],
    ['limits set other --invocationsPerMinute many', 1, 'invocationsPerMinute'],
    ['limits set other --speed 5', 1, 'speed'],
  ]
  for (const [line, exitCode, text] of mistakes) {
    it(`answers "user ${line}" with ${exitCode} and what is wrong`, async () => {
      const answer = await run(line)
      expect(answer.exitCode).to.equal(exitCode)
      expect(answer.complain.join('\n')).to.contain(text)
    })
  }
})
