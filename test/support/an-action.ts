import type { ActionDocument, ExecutableAction } from '../../invoker/domain/action.ts'
import type { ActionLimits } from '../../invoker/domain/limits.ts'

/** A Node.js action `guest/hello` that is ready to run; `limits` and other members may be replaced. */
export function anAction(
  changes: Partial<Omit<ExecutableAction, 'limits'>> & { readonly limits?: Partial<ActionLimits> } = {},
): ExecutableAction {
  const { limits, ...rest } = changes
  return {
    namespace: 'guest',
    name: 'hello',
    exec: { kind: 'nodejs:20', code: 'function main(p) { return p }', binary: false },
    parameters: [],
    limits: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1, ...limits },
    version: '0.0.1',
    publish: false,
    annotations: [{ key: 'provide-api-key', value: false }],
    updated: 1_767_225_500_000,
    revision: '1-0',
    ...rest,
  }
}

/** A document of an action `guest/<name>` without code, as one is written; members may be replaced. */
export function anActionDocument(name: string, changes: Partial<ActionDocument> = {}): ActionDocument {
  return {
    namespace: 'guest',
    name,
    exec: { kind: 'nodejs:20', binary: false },
    parameters: [{ key: 'place', value: 'Paris' }],
    limits: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 },
    version: '0.0.1',
    publish: false,
    annotations: [{ key: 'exec', value: 'nodejs:20' }],
    updated: 1_767_225_500_000,
    ...changes,
  }
}
