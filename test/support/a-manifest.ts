import { type Manifest, parseManifest } from '../../invoker/domain/manifest.ts'

/** A manifest with `nodejs:20` and `python:3`; stem cells of the former may be given, in the manifest's own format. */
export function aManifest(stemCells: readonly object[] = []): Manifest {
  const image = { prefix: 'openwhisk', name: 'action', tag: 'nightly' }
  return parseManifest({
    runtimes: {
      nodejs: [{ kind: 'nodejs:20', default: true, image, stemCells }],
      python: [{ kind: 'python:3', default: true, image }],
    },
    blackboxes: [{ prefix: 'openwhisk', name: 'listed' }],
  })
}
