import { expect } from 'chai'
import { type Command, UsageError } from '../../../deploy/cli/command.ts'
import { findCommand, parseGiven } from '../../../deploy/cli/parse.ts'

const command: Command = {
  name: 'standalone',
  says: 'Serves',
  options: {
    port: { short: 'p', value: 'PORT', says: 'Port' },
    'data-dir': { value: 'DIRECTORY', says: 'Folder' },
    json: { says: 'As JSON' },
  },
  run: async () => 0,
}

function complaint(parse: () => unknown): string {
  try {
    parse()
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return 'none'
}

describe('parseGiven()', () => {
  it('reads options long and short, with a space or =', () => {
    expect(parseGiven(command, ['--port', '1', '--data-dir=/x', '--json']).options).to.deep.equal({
      port: '1',
      'data-dir': '/x',
      json: true,
    })
    expect(parseGiven(command, ['-p', '1']).options).to.deep.equal({ port: '1' })
    expect(parseGiven(command, ['-h']).options).to.deep.equal({ help: true })
  })

  it('names the nearest option for one that it does not know', () => {
    expect(complaint(() => parseGiven(command, ['--prot', '1']))).to.equal(
      'Cannot read the option "--prot": did you mean "--port"? "warmwhisk standalone --help" lists them',
    )
    expect(complaint(() => parseGiven(command, ['--zzzzzzzzz']))).to.equal(
      'Cannot read the option "--zzzzzzzzz": "warmwhisk standalone --help" lists them',
    )
  })

  it('misses the value of an option', () => {
    const missing = 'Cannot read the option "--port": its value is missing, as in "--port PORT"'
    expect(complaint(() => parseGiven(command, ['--port']))).to.equal(missing)
    expect(complaint(() => parseGiven(command, ['--port', '--json']))).to.equal(missing)
  })

  it('refuses a value for a switch, and a word where only options stand', () => {
    expect(complaint(() => parseGiven(command, ['--json=yes']))).to.equal('Cannot read "--json=yes": it takes no value')
    expect(complaint(() => parseGiven(command, ['now']))).to.equal(
      'Cannot run "standalone" with "now": it takes options only',
    )
  })

  it('leaves options that are not declared to a command that reads them itself', () => {
    const passing: Command = { ...command, words: 'WORDS', passesOptions: true }
    const words = ['limits', 'set', 'guest', '--perMinute', '5', '-ns', 'space', '-u=a']
    const given = parseGiven(passing, [...words.slice(0, 3), '--data-dir', '/x', ...words.slice(3), '-p', '1'])
    expect(given).to.deep.equal({ words, options: { 'data-dir': '/x', port: '1' } })
    expect(parseGiven(passing, ['create', '--help']).options).to.deep.equal({ help: true })
    expect(complaint(() => parseGiven(passing, ['create', '--data-dir']))).to.contain('its value is missing')
  })
})

describe('findCommand()', () => {
  it('finds a command by its name', () => {
    expect(findCommand([command], 'standalone')).to.equal(command)
  })

  it('names the nearest command, and all of them', () => {
    expect(complaint(() => findCommand([command], 'standalon'))).to.equal(
      'Cannot run "standalon": did you mean "standalone"? the commands are standalone',
    )
  })
})
