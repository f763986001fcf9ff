import { expect } from 'chai'
import { parseMemory, readProcessMemory } from '../../../../invoker/adapters/kernel/process-memory.ts'

// Recorded from a forked interpreter; what is not read is left out.
const rollup = `55d0d7c00000-7ffd3a9f2000 ---p 00000000 00:00 0                          [rollup]
Rss:              188888 kB
Pss:               91920 kB
Pss_Anon:          91558 kB
Private_Clean:        72 kB
Private_Dirty:      2488 kB
Anonymous:        180628 kB
AnonHugePages:         0 kB
`
const maps =
  '55d0d7c00000-55d0d7c01000 r--p 0 fe:00 1 /usr/bin/python3\n7ffd3a9d1000-7ffd3a9f2000 rw-p 0 00:00 0 [stack]\n'

describe('parseMemory()', () => {
  it('tells shared, anonymous and own pages apart, and counts mappings', () => {
    expect(parseMemory({ rollup, status: 'VmRSS:\t  188888 kB\nVmPTE:\t     836 kB\n', maps })).to.deep.equal({
      pssBytes: 91920 * 1024,
      anonymousBytes: 180628 * 1024,
      fileBytes: (188888 - 180628) * 1024,
      ownBytes: (2488 + 836) * 1024,
      vmas: 2,
    })
  })
})

describe('readProcessMemory()', () => {
  it('reads this process', async () => {
    const memory = await readProcessMemory(process.pid)
    expect(Math.min(...Object.values(memory))).to.be.above(0)
  })

  it('rejects when there is no such process', async () => {
    expect(await readProcessMemory(2 ** 22 + 1).catch((error) => error.code)).to.equal('ENOENT')
  })
})
