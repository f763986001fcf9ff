import { expect } from 'chai'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { type ImageServer, imagesOfOne, usesOne, withImageServer } from '../support/image-server.ts'
import { templatesOf } from '../support/instance-processes.ts'

const images = imagesOfOne.filter(({ kind }) => kind === 'python:3')
/** So that a template that is stuck is found out quickly. */
const settings = { 'images.restoreTimeoutMs': '300ms', 'images.stemsPerImage': '0' }

describe('a server whose templates', function () {
  this.timeout(90_000)

  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })

  for (const [signal, how] of [
    ['SIGKILL', 'are killed'],
    ['SIGSTOP', 'get stuck'],
  ] as const) {
    it(`${how} while functions start from them, loses none, and has new ones soon`, () =>
      withImageServer({ images, settings }, async (server) => {
        await fromImage(server)
        const before = templatesOf(server.instance).map(({ pid }) => pid)
        expect(before).to.not.deep.equal([])
        const codes = Array.from({ length: 24 }, (_, n) => usesOne.replace('VERSION,', `VERSION, "n": ${n},`))
        const runs = codes.map((code) => server.guest.first(code))
        await Promise.any(runs)
        for (const pid of before) process.kill(pid, signal)
        for (const [n, { status, result }] of (await Promise.all(runs)).entries()) {
          expect({ status, ...result }).to.include({ status: 'success', version: 1, n })
        }
        await fromImage(server)
        await eventually('the old templates are gone', () =>
          templatesOf(server.instance).every(({ pid }) => !before.includes(pid)),
        )
      }))
  }
})

function fromImage({ guest }: ImageServer) {
  return guest.until('a start from the image', { code: usesOne, is: ({ result }) => result.here === true })
}
