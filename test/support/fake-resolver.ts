import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A resolver that answers every question for an IPv4 address with the same one, by UDP and TCP, on port 53 of `listen`. */
export async function fakeResolver(
  listen: string,
  answer: string,
): Promise<{ readonly asked: string[]; close(): Promise<void> }> {
  const asked: string[] = []
  const udp = createSocket('udp4', (question, from) => {
    asked.push('udp')
    udp.send(reply(question, answer), from.port, from.address)
  })
  udp.bind(53, listen)
  const tcp = createServer((connection) => {
    connection.on('error', () => undefined)
    connection.on('data', (message) => {
      asked.push('tcp')
      const bytes = reply(message.subarray(2), answer)
      const length = Buffer.alloc(2)
      length.writeUInt16BE(bytes.length)
      connection.write(Buffer.concat([length, bytes]))
    })
  })
  tcp.listen(53, listen)
  await Promise.all([once(udp, 'listening'), once(tcp, 'listening')])
  return {
    asked,
    close: async () => {
      udp.close()
      tcp.close()
    },
  }
}

/** An answer to a question of RFC 1035: the question's own header and name, and one A record when it asks for one. */
function reply(message: Buffer, address: string): Buffer {
  let end = 12
  while (message[end] !== 0) end += (message[end] ?? 0) + 1
  const question = message.subarray(12, end + 5)
  const isForA = question.readUInt16BE(question.length - 4) === 1
  const header = Buffer.from(message.subarray(0, 12))
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(isForA ? 1 : 0, 6)
  header.writeUInt32BE(0, 8)
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)])
  return Buffer.concat([header, question, ...(isForA ? [record] : [])])
}
