/** `uuid:key` of the subjects that the recordings know. */
export const subjectKeys = {
  guest: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP',
  system: '789c46b1-71f6-4ed5-8c54-816aa4f8c502:abczO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP',
  other: '11111111-2222-4333-8444-555555555555:othrzO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIw',
  blocked: '11111111-2222-4333-8444-888888888888:blckzO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIw',
  limited: '11111111-2222-4333-8444-999999999999:limizO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIw',
  /** Nobody's. */
  wrong: '00000000-1111-4111-8111-222222222222:wrongO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIw',
  /** The guest's uuid with another key. */
  wrongkey: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:999zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP',
} as const

/** Authorization header of a subject. */
export function basicAuth(subject: keyof typeof subjectKeys): string {
  return `Basic ${Buffer.from(subjectKeys[subject]).toString('base64')}`
}

/** Words behind `warmwhisk user` that make these subjects, beyond those that every server has. */
export const subjectCommands: readonly (readonly string[])[] = [
  ['create', 'other', '-u', subjectKeys.other],
  ['create', 'blocked', '-u', subjectKeys.blocked],
  ['block', 'blocked'],
  ['create', 'limited', '-u', subjectKeys.limited],
  [
    'limits',
    'set',
    'limited',
    '--invocationsPerMinute',
    '60',
    '--concurrentInvocations',
    '30',
    '--firesPerMinute',
    '60',
  ],
  ['limits', 'set', 'limited', '--allowedKinds', 'nodejs:20', '--storeActivations', 'false'],
]
