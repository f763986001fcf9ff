import { expect } from 'chai'
import { processorTicks } from '../../bench/lib/quiet.ts'
import { containerIn, containersOf, pssOf, readResident, sumOf } from '../../bench/lib/resident.ts'

describe('resident memory', () => {
  it('is read from smaps_rollup, with a tmpfs as anonymous', () => {
    const rollup =
      'x [rollup]\nPss:    1100 kB\nPss_Anon:     600 kB\nPss_File:  400 kB\nPss_Shmem:  100 kB\nPrivate_Dirty: 50 kB\n'
    const resident = readResident(rollup, 'Name:\tx\nVmPTE:\t     100 kB\n')
    expect(resident).to.deep.equal({ anonymous: 700 * 1024, file: 400 * 1024, alone: 150 * 1024 })
    expect(pssOf(sumOf([resident, resident]))).to.equal(2200 * 1024)
  })

  it('finds the container of a process in either sort of control groups', () => {
    const one = '12:pids:/\n4:memory:/ww-1/wsk_3_guest_x\n0::/\n'
    expect(containerIn(one, 'ww-1')).to.equal('wsk_3_guest_x')
    expect(containerIn('0::/ww-1/wsk_4_a/inner\n', 'ww-1')).to.equal('wsk_4_a')
    expect(containerIn(one, 'ww-2')).to.equal(undefined)
  })

  it('has no container of a server that is not there', () => {
    expect(containersOf({ controlGroup: 'ww-none' })).to.deep.equal([])
  })
})

describe('processorTicks()', () => {
  it('counts waiting for a disk as idle, and guests once', () => {
    expect(processorTicks('cpu  10 1 5 80 4 1 1 2 3 3\ncpu0 1 1 1 1\n')).to.deep.equal({ idle: 84, all: 104 })
  })
})
