import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { expect } from 'chai'
import type { RuncContainer } from '../../invoker/adapters/runc/container.ts'
import type { RuncFactory } from '../../invoker/adapters/runc/factory.ts'
import { aNetwork, aRuncFactory, skip, whyNoRunc } from '../support/factories.ts'
import { fakeResolver } from '../support/fake-resolver.ts'
import { faultOf } from '../support/fault-of.ts'
import { hostState } from '../support/host-state.ts'
import { type OutsideWorld, outsideWorld } from '../support/outside-world.ts'
import { aSpec, ask } from '../support/tiny-runtime.ts'

const never = new AbortController().signal
const RESOLVER = '127.0.0.77'
const EHOSTUNREACH = 113
const API_TEXT = 'the API'

/** A server on this host that greets whoever comes. */
async function greeter(address: string, port = 0): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((connection) => {
    connection.on('error', () => undefined)
    connection.end(API_TEXT)
  })
  server.listen(port, address)
  await once(server, 'listening')
  const bound = server.address()
  return { server, port: typeof bound === 'object' && bound !== null ? bound.port : 0 }
}

describe('the network of containers', () => {
  let factory: RuncFactory
  let container: RuncContainer
  let outside: OutsideWorld
  let everywhere: Awaited<ReturnType<typeof greeter>>
  let resolver: Awaited<ReturnType<typeof fakeResolver>>
  let apiPort: number
  let gateway: string

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    outside = await outsideWorld()
    resolver = await fakeResolver(RESOLVER, outside.address)
    everywhere = await greeter('0.0.0.0')
    apiPort = everywhere.port
    factory = aRuncFactory({ network: { ...aNetwork, apiPort, dnsServers: [RESOLVER], dnsSearch: ['corp.example'] } })
    await factory.start()
    gateway = factory.gateway ?? ''
    container = (await factory.create(aSpec(), never)) as RuncContainer
  })
  after(async () => {
    await factory?.stop()
    everywhere?.server.close()
    await resolver?.close()
    await outside?.remove()
  })

  /** What a container reads from a TCP port, or the errno of the failure. */
  async function reads(from: RuncContainer, address: string, port: number): Promise<unknown> {
    const { result, errno, error } = await ask(
      from,
      `s = socket.create_connection(("${address}", ${port}), 3); result = s.recv(100).decode()`,
    )
    return error === undefined ? result : (errno ?? error)
  }
  async function another(): Promise<RuncContainer> {
    return (await factory.create(aSpec(), never)) as RuncContainer
  }

  it('reaches the world through the host’s address', async () => {
    expect(await reads(container, outside.address, 7000)).to.equal(outside.host)
  })

  it('reaches the API at the gateway’s address, and no other port there', async () => {
    expect(await reads(container, gateway, apiPort)).to.equal(API_TEXT)
    const other = await greeter(gateway)
    expect(await reads(container, gateway, other.port)).to.equal(EHOSTUNREACH)
    other.server.close()
  })

  it('does not reach a port of the host, at any of its addresses', async () => {
    expect(await reads(container, outside.host, apiPort)).to.equal(EHOSTUNREACH)
    for (const address of hostAddresses().filter((one) => one !== gateway))
      expect(await reads(container, address, apiPort), address).to.equal(EHOSTUNREACH)
  })

  it('does not reach a port that a rule of the host leads elsewhere', async () => {
    execFileSync('nft', ['-f', '-'], {
      input: `table ip wwtestdnat {\n chain c {\n type nat hook prerouting priority -100\n ip daddr ${outside.host} tcp dport 7777 dnat to ${outside.address}:7000\n }\n}\n`,
    })
    try {
      expect(await reads(container, outside.host, 7777)).to.equal(EHOSTUNREACH)
    } finally {
      execFileSync('nft', ['delete', 'table', 'ip', 'wwtestdnat'])
    }
  })

  it('has a loopback of its own, and does not reach the host’s', async () => {
    const local = await greeter('127.0.0.1')
    expect(await reads(container, '127.0.0.1', local.port)).to.equal(111)
    local.server.close()
  })

  it('does not reach link-local addresses: a cloud keeps secrets there', async () => {
    expect(await outside.python('print("up")')).to.equal('up')
    expect(await reads(container, outside.linkLocal, 7000)).to.equal(EHOSTUNREACH)
  })

  it('does not reach another container, nor is reached by one', async () => {
    const other = await another()
    await ask(
      other,
      'import threading; s = socket.create_server(("", 8080)); threading.Thread(target=s.accept, daemon=True).start()',
    )
    expect(await reads(container, other.address ?? '', 8080)).to.equal(EHOSTUNREACH)
    await other.destroy()
  })

  it('does not reach a container of another invoker on this host', async () => {
    const second = aRuncFactory({ network: aNetwork })
    await second.start()
    expect(second.gateway).not.to.equal(gateway)
    const other = (await second.create(aSpec(), never)) as RuncContainer
    await ask(
      other,
      'import threading; s = socket.create_server(("", 8080)); threading.Thread(target=s.accept, daemon=True).start()',
    )
    expect(await reads(container, other.address ?? '', 8080)).to.equal(EHOSTUNREACH)
    expect(await reads(container, second.gateway ?? '', apiPort)).to.equal(EHOSTUNREACH)
    await second.stop()
    expect(await reads(container, outside.address, 7000), 'after the stop of the other').to.equal(outside.host)
  })

  it('is not reached from outside, nor is the gateway', async () => {
    await ask(
      container,
      'import threading; s = socket.create_server(("", 8081)); threading.Thread(target=s.accept, daemon=True).start()',
    )
    outside.learnRoute(gateway.replace(/\.\d+\.\d+$/, '.0.0/16'))
    for (const [address, port] of [
      [container.address, 8081],
      [gateway, apiPort],
    ]) {
      const source = `import socket\ntry:\n  socket.create_connection(("${address}", ${port}), 3); print("open")\nexcept OSError as e: print(e.errno)`
      expect(await outside.python(source), `${address}`).to.equal(String(EHOSTUNREACH))
    }
  })

  it('has no IPv6 address that leads anywhere', async () => {
    const { result } = await ask(
      container,
      'result = open("/proc/net/if_inet6").read().split("\\n") if os.path.exists("/proc/net/if_inet6") else []',
    )
    expect((result as string[]).filter(Boolean).filter((line) => !line.trim().endsWith('lo'))).to.deep.equal([])
  })

  it('cannot make packets by hand', async () => {
    expect((await ask(container, 'socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)')).errno).to.equal(1)
    expect((await ask(container, 'socket.socket(17, socket.SOCK_RAW, 0)')).errno).to.equal(1)
  })

  it('cannot change its addresses or routes', async () => {
    const { result } = await ask(
      container,
      'result = subprocess.run(["ip", "route", "add", "198.51.100.0/24", "dev", "eth0"]).returncode',
    )
    expect(result).not.to.equal(0)
  })

  describe('names', () => {
    it('are answered by a resolver on the host’s loopback, by UDP', async () => {
      const { result } = await ask(container, 'result = socket.gethostbyname("thumbnail.example")')
      expect(result).to.equal(outside.address)
      expect(resolver.asked).to.include('udp')
    })

    it('are answered by TCP', async () => {
      const question = '12340100000100000000000003777777076578616d706c6500000100 01'.replaceAll(' ', '')
      const { result } = await ask(
        container,
        `q = bytes.fromhex("${question}"); s = socket.create_connection(("${gateway}", 53), 3); s.sendall(len(q).to_bytes(2, "big") + q); result = s.recv(512).hex()`,
      )
      expect(result)
        .to.match(/^....1234/)
        .and.to.match(/cb007102$/)
      expect(resolver.asked).to.include('tcp')
    })

    it('are asked of the gateway, in the domains that are set', async () => {
      const { result } = await ask(container, 'result = open("/etc/resolv.conf").read()')
      expect(result).to.equal(`nameserver ${gateway}\nsearch corp.example\n`)
    })
  })

  it('is new for each container', async () => {
    const addresses = new Set<string | undefined>()
    for (let count = 0; count < 4; count += 1) {
      const next = await another()
      addresses.add(next.address)
      await next.destroy()
    }
    expect(addresses.size).to.equal(4)
  })

  it('is refused at the start when the host routes the subnet elsewhere', async () => {
    const other = aRuncFactory({ network: { ...aNetwork, subnet: '203.0.113.0/25' } })
    const fault = await faultOf(other.start())
    expect(fault.code).to.equal('SETTINGS_WRONG')
    expect(fault.message).to.contain('203.0.113.0/25')
  })
})

describe('the host, after the last invoker has stopped', () => {
  it('is byte for byte as before: forwarding, rules, links, routes, mounts, control groups, state', async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    const before = hostState()
    const factories = [aRuncFactory({ network: aNetwork }), aRuncFactory({ network: aNetwork })]
    for (const factory of factories) {
      await factory.start()
      await factory.create(aSpec(), never)
    }
    expect(hostState().forwarding).to.contain('ip_forward=1')
    await factories[0]?.stop()
    expect(hostState().forwarding, 'while one runs').to.contain('ip_forward=1')
    await factories[1]?.stop()
    expect(hostState()).to.deep.equal(before)
  })
})

/** IPv4 addresses of this host beyond the loopback. */
function hostAddresses(): string[] {
  const links: readonly { readonly addr_info: readonly { readonly local: string }[] }[] = JSON.parse(
    execFileSync('ip', ['-json', '-4', 'address', 'show', 'up'], { encoding: 'utf8' }),
  )
  return links
    .flatMap(({ addr_info }) => addr_info.map(({ local }) => local))
    .filter((local) => !local.startsWith('127.'))
}
