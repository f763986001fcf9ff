/**
 * A module and all that it is in: of `a.b.c` these are `a.b.c`, `a.b` and `a`; of `@scope/package/part` it is `@scope/package`,
 * since a scope is no module.
 */
export function lineage(module: string): readonly string[] {
  const above = [...module.matchAll(/[./]/g)].map(({ index }) => module.slice(0, index))
  return [module, ...above.filter((name) => !/^(?:@[^/]*)?$/.test(name)).reverse()]
}

/** Whether a module is another, or in it: `sklearn.svm.base` is in `sklearn`, `@scope/package/part` in `@scope/package`. */
export function isWithin(module: string, other: string): boolean {
  return module === other || (module.startsWith(other) && /[./]/.test(module.charAt(other.length)))
}
