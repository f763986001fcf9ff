import { expect } from 'chai'
import { skip, whyNoRunc } from '../support/factories.ts'
import type { FirstRun } from '../support/functions.ts'
import { imagesOfOne, usesOne, usesOneNode, withImageServer, writeOne } from '../support/image-server.ts'

const languages = [
  { kind: 'python:3', code: usesOne },
  { kind: 'nodejs:20', code: usesOneNode },
] as const

describe('packages that are updated while a server runs', function () {
  this.timeout(90_000)

  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })

  it('are served from new images, and never again from those of before', () =>
    withImageServer({ images: imagesOfOne }, async ({ guest, packages }) => {
      const old = await Promise.all(
        languages.map(({ code, kind }) => {
          const is = ({ result }: FirstRun) => result.here === true
          return guest.until(`${kind} from an image`, { code, options: { kind }, is })
        }),
      )
      expect(old.map(({ result }) => result.version)).to.deep.equal([1, 1])
      await writeOne(packages, 2)
      for (const [n, { code, kind }] of languages.entries()) {
        const before = old[n]?.image
        await guest.until(`${kind} of the new version, from an image`, {
          ...{ code, options: { kind } },
          is: ({ image, result }) => {
            // For a moment the old image is believed to be as the disk; nothing else has the old version.
            if (image !== before) expect(result.version).to.equal(2)
            return result.here === true && result.version === 2
          },
        })
        const after = await Promise.all(Array.from({ length: 6 }, () => guest.first(code, { kind })))
        for (const { image, result } of after) {
          expect(image).to.not.equal(before)
          expect(result.version).to.equal(2)
        }
      }
    }))
})
