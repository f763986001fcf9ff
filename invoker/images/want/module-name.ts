/** A module and the packages that it is in: of `a.b.c` these are `a.b` and `a`. */
export function withPackages(module: string): readonly string[] {
  const names = [module]
  for (let dot = module.lastIndexOf('.'); dot > 0; dot = module.lastIndexOf('.', dot - 1))
    names.push(module.slice(0, dot))
  return names
}
