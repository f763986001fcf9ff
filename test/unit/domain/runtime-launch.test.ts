import { expect } from 'chai'
import { launchFor } from '../../../invoker/domain/runtime-launch.ts'

describe('launchFor()', () => {
  const launch = { kind: 'k:1', env: {}, binds: [] }
  const command = (words: readonly string[], memoryMb: number) =>
    launchFor({ ...launch, command: words }, memoryMb).command

  it('puts parts of the memory into the command', () => {
    expect(command(['x', '--old={memoryMb/2}', '--all={memoryMb/1}'], 256)).to.deep.equal([
      'x',
      '--old=128',
      '--all=256',
    ])
  })

  it('gives whole megabytes, at least one', () => {
    expect(command(['--young={memoryMb/100}'], 128)).to.deep.equal(['--young=1'])
    expect(command(['--young={memoryMb/1000}'], 128)).to.deep.equal(['--young=1'])
  })

  it('leaves all else as it is', () => {
    expect(command(['{memoryMb}', '{memoryMb/0}', '{x/2}'], 128)).to.deep.equal(['{memoryMb}', '{memoryMb/0}', '{x/2}'])
  })
})
