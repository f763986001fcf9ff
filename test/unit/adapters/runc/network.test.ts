import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { DnsRelay } from '../../../../invoker/adapters/runc/network/dns-relay.ts'
import { Forwarding } from '../../../../invoker/adapters/runc/network/forwarding.ts'
import { networkNames } from '../../../../invoker/adapters/runc/network/names.ts'
import { readResolvConf, writeResolvConf } from '../../../../invoker/adapters/runc/network/resolv-conf.ts'
import { nftRules } from '../../../../invoker/adapters/runc/network/rules.ts'
import {
  addressAt,
  cidrOf,
  firstFreePart,
  overlaps,
  parseSubnet,
  routedSubnets,
  sizeOf,
} from '../../../../invoker/adapters/runc/network/subnet.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

describe('parseSubnet()', () => {
  it('reads a block and gives it back, with its first address', () => {
    expect(cidrOf(parseSubnet('10.88.7.9/16'))).to.equal('10.88.0.0/16')
    expect(cidrOf(parseSubnet('172.31.255.240/28'))).to.equal('172.31.255.240/28')
  })

  it('refuses what is none, and what is too small or too large', () => {
    for (const text of [
      '',
      '10.88.0.0',
      '10.88.0.0/29',
      '10.0.0.0/7',
      '10.88.0/16',
      'fd00::/64',
      '10.88.0.0/16/1x',
      '10.88.0.0/ 16',
    ]) {
      expect(() => parseSubnet(text), text).to.throw(SyntaxError, `"${text}"`)
    }
  })
})

describe('firstFreePart()', () => {
  const pool = parseSubnet('10.88.0.0/16')

  it('takes 4,096 addresses that nobody routes', () => {
    expect(firstFreePart(pool, [])).to.deep.equal(parseSubnet('10.88.0.0/20'))
    expect(firstFreePart(pool, [parseSubnet('10.88.3.0/24')])).to.deep.equal(parseSubnet('10.88.16.0/20'))
  })

  it('takes a small block whole', () => {
    expect(firstFreePart(parseSubnet('10.88.1.0/24'), [])).to.deep.equal(parseSubnet('10.88.1.0/24'))
  })

  it('gives up when the host routes all of it', () => {
    expect(firstFreePart(pool, [parseSubnet('10.0.0.0/8')])).to.equal(undefined)
  })

  it('never overlaps a route, and lies in the pool', () => {
    const route = fc.record({
      base: fc.integer({ min: pool.base, max: pool.base + sizeOf(pool) - 1 }),
      prefix: fc.integer({ min: 18, max: 32 }),
    })
    fc.assert(
      fc.property(fc.array(route, { maxLength: 20 }), (routes) => {
        const part = firstFreePart(pool, routes)
        if (part === undefined) return
        expect(overlaps(part, pool)).to.equal(true)
        expect(routes.some((one) => overlaps(part, one))).to.equal(false)
      }),
    )
  })
})

describe('routedSubnets()', () => {
  it('reads blocks and single addresses, not the default route nor IPv6', () => {
    const routes = [{ dst: 'default' }, { dst: '192.0.2.0/24' }, { dst: '192.0.2.9' }, { dst: 'fe80::/64' }]
    expect(routedSubnets(routes).map(cidrOf)).to.deep.equal(['192.0.2.0/24', '192.0.2.9/32'])
  })
})

describe('addressAt()', () => {
  it('carries from one part to the next', () => {
    expect(addressAt(parseSubnet('10.88.0.0/16'), 256)).to.equal('10.88.1.0')
  })
})

describe('networkNames()', () => {
  it('gives names that the kernel takes, different for each instance', () => {
    const [one, other] = [networkNames('wsk0'), networkNames('wsk00')]
    expect(`${one.linkPrefix}${(4096).toString(36)}`.length).to.be.at.most(15)
    expect(one.gatewayLink.length).to.be.at.most(15)
    expect(one.linkPrefix).not.to.equal(other.linkPrefix)
    expect(networkNames('wsk-a.b0').table).to.equal('warmwhisk_wsk_a_b0')
  })
})

describe('nftRules()', () => {
  it('speaks only of packets from and to its own links, and of its gateway', () => {
    const rules = nftRules({
      names: networkNames('wsk0'),
      subnet: '10.88.0.0/20',
      gateway: '10.88.0.1',
      openPorts: [3233],
      dnsPort: 4053,
    })
    const lines = rules.split('\n').filter((line) => line.startsWith('    ') && !line.includes('type '))
    for (const line of lines) expect(line).to.match(/"ww[0-9a-f]{6}-\*"|10\.88\.0\.1|10\.88\.0\.0\/20/)
    expect(rules).to.contain('tcp dport { 3233, 4053 } accept')
  })
})

describe('a resolv.conf', () => {
  it('is read with its servers, search domains and options', () => {
    const text =
      '# made by hand\nnameserver 127.0.0.53\nnameserver ::1\nnameserver nonsense\nsearch a.example b.example\noptions edns0 trust-ad\n'
    expect(readResolvConf(text)).to.deep.equal({
      servers: ['127.0.0.53', '::1'],
      search: ['a.example', 'b.example'],
      options: ['edns0', 'trust-ad'],
    })
  })

  it('without a server means the one on the loopback', () => {
    expect(readResolvConf('').servers).to.deep.equal(['127.0.0.1'])
  })

  it('is written with the gateway as the one server', () => {
    expect(writeResolvConf('10.88.0.1', { search: [], options: ['ndots:2'] })).to.equal(
      'nameserver 10.88.0.1\noptions ndots:2\n',
    )
  })
})

describe('Forwarding', () => {
  let folder: TempDirectory
  const at = (name: string): string => join(folder.path, 'sys/net/ipv4', name)
  const holder = (instance: string): Forwarding =>
    new Forwarding({ folder: join(folder.path, 'state'), instance, sys: join(folder.path, 'sys') })

  beforeEach(async () => {
    folder = await tempDirectory()
    for (const link of ['all', 'eth0', 'eth1']) mkdirSync(at(`conf/${link}`), { recursive: true })
    writeFileSync(at('ip_forward'), '0\n')
    writeFileSync(at('conf/all/forwarding'), '0\n')
    writeFileSync(at('conf/all/accept_redirects'), '0\n')
    writeFileSync(at('conf/eth0/forwarding'), '0\n')
    writeFileSync(at('conf/eth1/forwarding'), '1\n')
  })
  afterEach(() => folder.remove())

  /** What the kernel does to the others when ip_forward is written. */
  function asKernel(): void {
    const value = readFileSync(at('ip_forward'), 'utf8')
    for (const link of ['all', 'eth0', 'eth1']) writeFileSync(at(`conf/${link}/forwarding`), value)
    writeFileSync(at('conf/all/accept_redirects'), value === '1' ? '0' : '1')
  }

  it('is on while somebody holds it, and the last one puts everything back', async () => {
    const [one, other] = [holder('wsk0'), holder('wsk1')]
    await one.acquire()
    asKernel()
    await other.acquire()
    await one.release()
    expect(readFileSync(at('ip_forward'), 'utf8')).to.equal('1')
    await other.release()
    const after = ['ip_forward', 'conf/eth1/forwarding', 'conf/all/accept_redirects'].map((name) =>
      readFileSync(at(name), 'utf8'),
    )
    expect(after).to.deep.equal(['0', '1', '0'])
    expect(readdirSync(folder.path)).to.deep.equal(['sys'])
  })

  it('leaves a host alone that forwards already', async () => {
    writeFileSync(at('ip_forward'), '1\n')
    const one = holder('wsk0')
    await one.acquire()
    await one.release()
    expect(readFileSync(at('ip_forward'), 'utf8')).to.equal('1\n')
  })

  it('may be released without being held', async () => {
    await holder('wsk0').release()
    expect(readFileSync(at('ip_forward'), 'utf8')).to.equal('0\n')
  })
})

describe('DnsRelay', () => {
  it('asks the next server when one is silent', async () => {
    const [silent, server] = [createSocket('udp4'), createSocket('udp4')]
    server.on('message', (question, from) => server.send(`${question}!`, from.port, from.address))
    silent.bind(0, '127.0.0.78')
    await once(silent, 'listening')
    const { port } = silent.address()
    server.bind(port, '127.0.0.79')
    await once(server, 'listening')
    const relay = new DnsRelay({ servers: () => ['127.0.0.78', '127.0.0.79'], port })
    const listening = await relay.start('127.0.0.1')
    const client = createSocket('udp4')
    client.send('question', listening, '127.0.0.1')
    const [answer] = await once(client, 'message')
    expect(answer.toString()).to.equal('question!')
    for (const socket of [client, silent, server]) socket.close()
    await relay.stop()
  })

  it('stops with questions under way', async () => {
    const relay = new DnsRelay({ servers: () => ['127.0.0.78'], port: 9 })
    const port = await relay.start('127.0.0.1')
    const client = createSocket('udp4')
    await new Promise((resolve) => client.send('question', port, '127.0.0.1', resolve))
    await relay.stop()
    client.close()
  })
})
