/** What a started standalone server tells of itself. */
export interface Started {
  readonly url: string
  readonly guestKey: string
  readonly dataDir: string
  readonly isolation: string
  readonly kinds: readonly string[]
}

/** The lines for the person who started it; the one for `wsk` is ready to be pasted. */
export function banner({ url, guestKey, dataDir, isolation, kinds }: Started): string {
  return `warmwhisk is ready

  API host    ${url}
  guest key   ${guestKey}
  data        ${dataDir}
  kinds       ${kinds.join(', ') || 'none: see "warmwhisk doctor"'}
  isolation   ${isolation}

  wsk property set --apihost ${url} --auth ${guestKey}
`
}
