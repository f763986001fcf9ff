import { expect } from 'chai'
import { readMachine } from '../../../../invoker/adapters/host-runtimes/machine.ts'

const cpu = (flags: string, more = '') =>
  `processor\t: 0\nmodel name\t: A CPU\ncpu MHz\t\t: 2000.0${more}\nflags\t\t: ${flags}\n\nprocessor\t: 1\nflags\t\t: none\n`

describe('readMachine()', () => {
  it('reads this one', () => {
    expect(readMachine().architecture).to.equal(process.arch)
    expect(readMachine()).to.deep.equal(readMachine())
  })

  it('tells CPUs apart by what they can, not by how fast they are now', () => {
    const of = (text: string) => readMachine(() => text).cpu
    expect(of(cpu('fpu avx2'))).to.equal(of(cpu('fpu avx2', '9')))
    expect(of(cpu('fpu avx2'))).to.not.equal(of(cpu('fpu avx2 avx512f')))
    expect(of('processor : 0\nFeatures : fp asimd\nCPU part : 0xd0c\n')).to.not.equal(
      of('processor : 0\nFeatures : fp asimd sve\nCPU part : 0xd0c\n'),
    )
  })
})
