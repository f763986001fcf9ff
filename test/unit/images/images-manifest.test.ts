import { expect } from 'chai'
import { Fault } from '../../../invoker/faults/fault.ts'
import { parseImagesManifest } from '../../../invoker/images/images-manifest.ts'
import { aManifest } from '../../support/a-manifest.ts'

function parse(json: unknown) {
  return parseImagesManifest(json, aManifest()).images
}

describe('parseImagesManifest()', () => {
  it('reads what an operator wants, with defaults for what is not said', () => {
    const images = [
      {
        kind: 'python:3',
        packages: ['torch', ' scikit-learn '],
        modules: ['sklearn.svm'],
        stemCells: 4,
        pinned: false,
      },
      { kind: 'Python:Default' },
    ]
    expect(parse({ images })).to.deep.equal([
      {
        kind: 'python:3',
        packages: ['torch', 'scikit-learn'],
        modules: ['sklearn.svm'],
        stemCells: 4,
        isPinned: false,
      },
      { kind: 'python:3', packages: [], modules: [], stemCells: 0, isPinned: true },
    ])
    expect(parse({ images: [] })).to.deep.equal([])
  })

  it('says everything that is wrong at once, each with its place', () => {
    const wrong = {
      image: [],
      images: [
        7,
        { kind: 'cobol:1' },
        { kind: 'python:3', packages: 'torch', stemCell: 4, stemCells: -1, pinned: 'yes' },
      ],
    }
    try {
      parse(wrong)
      expect.fail('It was taken')
    } catch (error) {
      expect(error).to.be.instanceOf(Fault)
      const lines = String(error instanceof Error && error.message).split('\n  ')
      expect(lines).to.deep.equal([
        'Cannot start: the manifest of images is wrong',
        'manifest.image: is not known, expected images',
        'images[0]: is 7, expected an object',
        'images[0].kind: is missing, expected a text',
        'images[1].kind: is "cobol:1", expected one of nodejs:20, python:3',
        'images[2].stemCell: is not known, expected kind, packages, modules, stemCells, pinned',
        'images[2].packages: is "torch", expected an array',
        'images[2].stemCells: is -1, expected a whole number of at least 0',
        'images[2].pinned: is "yes", expected true or false',
      ])
    }
  })
})
