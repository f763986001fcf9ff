import { closeSync, openSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { makeSocketPair, sendWithDescriptors } from '../../../../invoker/adapters/kernel/descriptors.ts'
import { openLibc } from '../../../../invoker/adapters/kernel/libc.ts'
import { python } from '../../../support/python.ts'

const libc = openLibc()

describe('makeSocketPair()', () => {
  it('gives two ends that are closed on exec', () => {
    const { ours, theirs } = makeSocketPair(libc)
    for (const fd of [ours, theirs]) {
      const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0'
      expect(Number.parseInt(flags, 8) & 0o2000000).to.not.equal(0)
      closeSync(fd)
    }
  })
})

describe('sendWithDescriptors()', () => {
  let pair = { ours: -1, theirs: -1 }
  beforeEach(() => {
    pair = makeSocketPair(libc)
  })
  afterEach(() => {
    closeSync(pair.ours)
    closeSync(pair.theirs)
  })

  it('hands the bytes and copies of the descriptors, in order', () => {
    const files = ['/etc/passwd', '/etc/hostname', '/dev/null'].map((path) => openSync(path, 'r'))
    const sent = sendWithDescriptors(libc, pair.ours, { bytes: Buffer.from('three\n'), descriptors: files })
    for (const fd of files) closeSync(fd)
    expect(sent).to.equal(6)
    const received = python(
      'import socket; m, fds, *_ = socket.recv_fds(socket.socket(fileno=3), 99, 9)\nprint(m.decode().strip(), *[os.readlink(f"/proc/self/fd/{fd}") for fd in fds])',
      [pair.theirs],
    )
    expect(received).to.equal('three /etc/passwd /etc/hostname /dev/null')
  })

  it('never waits: what the other end does not read is refused at last', () => {
    const bytes = Buffer.alloc(1 << 20)
    const send = (): number => sendWithDescriptors(libc, pair.ours, { bytes, descriptors: [0] })
    // Without a wait, a full socket takes only a part, and then nothing.
    expect(python('os.set_blocking(3, False)', [pair.ours])).to.equal('')
    expect(() => {
      for (let time = 0; time < 100; time += 1) expect(send()).to.be.below(bytes.length)
    }).to.throw('EAGAIN')
  })

  it('says why it cannot', () => {
    expect(() => sendWithDescriptors(libc, pair.ours, { bytes: Buffer.from('x'), descriptors: [9999] })).to.throw(
      'EBADF',
    )
  })
})
