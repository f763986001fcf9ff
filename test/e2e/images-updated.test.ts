import { expect } from 'chai'
import { skip, whyNoRunc } from '../support/factories.ts'
import { imagesOfOne, usesOne, usesOneNode, withImageServer, writeOne } from '../support/image-server.ts'

/** For so long an image is believed to be as its packages on disk, and the look at the disk itself is as old at most. */
const believedMs = 3_000

describe('packages that are updated while a server runs', function () {
  this.timeout(90_000)

  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })

  it('are served from new images, and never again from those of before', () =>
    withImageServer({ images: imagesOfOne }, async ({ guest, packages }) => {
      for (const [kind, code] of [
        ['python:3', usesOne],
        ['nodejs:20', usesOneNode],
      ] as const) {
        const wanted = { code, options: { kind } }
        const old = await guest.until(`${kind} from an image`, { ...wanted, is: ({ result }) => result.here === true })
        expect(old.result.version).to.equal(1)
        await writeOne(packages, 2)
        const updated = Date.now()
        await guest.until(`${kind} of the new version, from an image`, {
          ...wanted,
          is: ({ image, result }) => {
            const isLate = Date.now() - updated > believedMs + 2_000
            if (isLate || image !== old.image) expect(result.version).to.equal(2)
            return result.here === true && result.version === 2
          },
        })
        const after = await Promise.all(Array.from({ length: 6 }, () => guest.first(code, { kind })))
        expect(after.map(({ image, result }) => [image === old.image, result.version])).to.deep.equal(
          after.map(() => [false, 2]),
        )
        await writeOne(packages, 1)
      }
    }))
})
