import { expect } from 'chai'
import { afterEach, beforeEach } from 'mocha'
import type { DocumentStore } from '../../invoker/ports/documents.ts'
import { aDemand, recorded, type WarmSwapChoices, WarmSwapUnderTest } from './a-warm-swap.ts'
import { type PouchDirectory, pouchDirectory } from './pouch-directory.ts'

/** Actions that import packages, and what their runtimes record. */
export const codes = {
  torch: aDemand('import torch\ndef main(args):\n  return {}\n'),
  torchAnswer: recorded(['torch', 'torch', 1800]),
  sklearn: aDemand('from sklearn import svm\ndef main(args):\n  return {}\n'),
  sklearnAnswer: recorded(['numpy', 'numpy', 120], ['sklearn.svm', 'scikit-learn', 900]),
  pillow: aDemand('from PIL import Image\ndef main(args):\n  return {}\n'),
  pillowAnswer: recorded(['PIL.Image', 'pillow', 150]),
  light: aDemand('def main(args):\n  return {}\n'),
} as const

/** WarmSwaps of one test, on one database. */
export interface WarmSwaps {
  readonly database: DocumentStore
  make(choices?: Partial<WarmSwapChoices>): WarmSwapUnderTest
  /** One whose image of torch is live; its key. */
  withTorch(choices?: Partial<WarmSwapChoices>): Promise<{ readonly under: WarmSwapUnderTest; readonly key: string }>
}

/** Gives each test of the suite a database, ends what it made of it, and fails where an error was logged. */
export function useWarmSwaps(): WarmSwaps {
  let store: PouchDirectory
  let opened: WarmSwapUnderTest[] = []

  beforeEach(async () => {
    store = await pouchDirectory()
    opened = []
  })

  afterEach(async () => {
    for (const under of opened) await under.stop()
    await store.stop()
    for (const { log } of opened) expect(log.lines.filter(({ level }) => level === 'error')).to.deep.equal([])
  })

  const make = (choices: Partial<WarmSwapChoices> = {}) => {
    const under = new WarmSwapUnderTest({ database: store.databases.images, ...choices })
    opened.push(under)
    return under
  }
  return {
    get database() {
      return store.databases.images
    },
    make,
    withTorch: async (choices = {}) => {
      const { torch, torchAnswer, light } = codes
      const under = await make(choices).start()
      under.startCold(torch, torchAnswer)
      await under.until('torch is live', () => under.images.choose(torch) !== under.images.choose(light))
      return { under, key: under.images.choose(torch) ?? '' }
    },
  }
}
