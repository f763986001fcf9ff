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
  return [
    `The OpenWhisk API answers on ${url}`,
    `  key of guest  ${guestKey}`,
    `  kinds         ${kinds.join(', ') || 'none: see "warmwhisk doctor"'}`,
    `  isolation     ${isolation}`,
    `  data          ${dataDir}`,
    '',
    `  wsk property set --apihost ${url} --auth ${guestKey}`,
    '',
    'Ctrl-C stops it',
  ].join('\n')
}
