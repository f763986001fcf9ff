import { type Manifest, resolveKind } from '../../invoker/domain/manifest.ts'
import { deprecatedRuntime } from './messages.ts'
import { RestError } from './rest-error.ts'

/** Refuses to write or invoke an action of a kind that the manifest calls deprecated (protocol reference 9.1). @throws RestError 400. */
export function checkNotDeprecated(kind: string, manifest: Manifest): void {
  if (resolveKind(manifest, kind)?.deprecated) throw new RestError(400, deprecatedRuntime(kind))
}
