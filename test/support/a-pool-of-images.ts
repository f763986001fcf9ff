import type { PoolSettings } from '../../invoker/pool/pool-options.ts'
import { aManifest } from './a-manifest.ts'
import { aPool, settled } from './a-pool.ts'
import { FakeContainers } from './fake-containers.ts'
import { aTarget, FakeImages } from './fake-images.ts'

/** A pool with images; `heavy` is live. */
export function aPoolOfImages(
  options: {
    readonly settings?: Partial<PoolSettings>
    readonly live?: readonly string[]
    readonly stemCells?: readonly object[]
  } = {},
) {
  const { settings = {}, live = ['heavy'], stemCells = [] } = options
  const containers = new FakeContainers()
  const images = new FakeImages(containers, live)
  return { ...aPool({ containers, images, settings, manifest: aManifest(stemCells) }), images }
}

/** The same, with warm stem cells in stock. */
export async function aStockedPool(count: number, options: Parameters<typeof aPoolOfImages>[0] = {}) {
  const parts = aPoolOfImages(options)
  parts.images.want(aTarget('heavy', count))
  parts.pool.start()
  await settled()
  return parts
}
