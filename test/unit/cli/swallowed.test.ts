import { expect } from 'chai'
import type { Command } from '../../../deploy/cli/command.ts'
import { lineForSwallowed } from '../../../deploy/cli/swallowed.ts'

const command: Command = {
  name: 'standalone',
  says: 'Serves',
  options: {
    port: { value: 'PORT', says: 'Port' },
    'data-dir': { value: 'DIRECTORY', says: 'Folder' },
  },
  run: async () => 0,
}
const start = { npm_lifecycle_event: 'start' }

describe('lineForSwallowed()', () => {
  it('shows the line with what npm kept', () => {
    const env = { ...start, npm_config_port: '3234', npm_config_data_dir: '/tmp/x' }
    expect(lineForSwallowed(command, env, [])).to.equal('npm start -- --port 3234 --data-dir /tmp/x')
  })

  it('finds the values among the words where npm kept the names only, whatever their order', () => {
    const env = { ...start, npm_config_port: 'true', npm_config_data_dir: 'true' }
    expect(lineForSwallowed(command, env, ['/tmp/x', '3234'])).to.equal('npm start -- --port 3234 --data-dir /tmp/x')
  })

  it('names the script that ran', () => {
    const env = { npm_lifecycle_event: 'kafka', npm_config_port: '9093' }
    expect(lineForSwallowed(command, env, [])).to.equal('npm run kafka -- --port 9093')
  })

  it('has nothing to say when npm kept nothing, or did not start us', () => {
    expect(lineForSwallowed(command, start, ['--port', '1'])).to.equal(undefined)
    expect(lineForSwallowed(command, { npm_config_port: '1' }, [])).to.equal(undefined)
  })
})
