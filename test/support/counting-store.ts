import type { DocumentStore } from '../../invoker/ports/documents.ts'

/** A store in front of another that counts calls by name, and lets a test answer some of them itself. */
export function countingStore(
  store: DocumentStore,
  instead: Partial<DocumentStore> = {},
): { readonly store: DocumentStore; readonly calls: Map<string, number> } {
  const calls = new Map<string, number>()
  const counting = new Proxy(store, {
    get(target, name) {
      const call: unknown = Reflect.get(instead, name) ?? Reflect.get(target, name)
      if (typeof call !== 'function') return call
      return (...given: unknown[]) => {
        calls.set(String(name), (calls.get(String(name)) ?? 0) + 1)
        return call.apply(target, given)
      }
    },
  })
  return { store: counting, calls }
}
