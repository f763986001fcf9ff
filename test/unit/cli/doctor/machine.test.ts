import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { thisMachine } from '../../../../deploy/cli/doctor/machine.ts'

describe('thisMachine', () => {
  it('reads files and says nothing of those that it cannot read', async () => {
    expect(await thisMachine.read('/proc/self/stat')).to.contain(String(process.pid))
    expect(await thisMachine.read('/nowhere')).to.equal(undefined)
    expect(await thisMachine.exists('/proc/self/ns/net')).to.equal(true)
    expect(await thisMachine.exists('/nowhere')).to.equal(false)
  })

  it('asks programs for their version, on either stream', async () => {
    expect(await thisMachine.versionOf([process.execPath, '--version'])).to.equal(process.version)
    expect(await thisMachine.versionOf([process.execPath, '-e', 'console.error("v7")'])).to.equal('v7')
    expect(await thisMachine.versionOf(['warmwhisk-no-such-program'])).to.equal(undefined)
    expect(await thisMachine.versionOf([process.execPath, '-e', 'process.exit(3)'])).to.equal(undefined)
  })

  it('finds out whether something listens, and whether a URL answers well', async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.headers.authorization === 'Basic right' ? 200 : 401
      response.end('{}')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/`
    expect(await thisMachine.refusal('127.0.0.1', port)).to.equal(undefined)
    expect(await thisMachine.failure(url, { authorization: 'Basic right' })).to.equal(undefined)
    expect(await thisMachine.failure(url, {})).to.equal('it answers 401')
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
    expect(await thisMachine.refusal('127.0.0.1', port)).to.contain('ECONNREFUSED')
    expect(await thisMachine.failure(url, {})).to.contain('ECONNREFUSED')
  })
})
