import { isIP } from 'node:net'
import { Fault } from '../../invoker/faults/fault.ts'
import type { AuthKey } from '../../invoker/store/subject-rules.ts'
import type { SubjectStore } from '../../invoker/store/subjects.ts'

/** OpenWhisk's well-known keys (protocol reference 8.16): for loopback only. */
const wellKnown = {
  guest: {
    uuid: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502',
    key: '123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP',
  },
  'whisk.system': {
    uuid: '789c46b1-71f6-4ed5-8c54-816aa4f8c502',
    key: 'abczO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP',
  },
} as const satisfies Record<string, AuthKey>

/**
 * Makes the subjects guest and whisk.system where they are missing, and gives the guest's `uuid:key`. On loopback they get
 * OpenWhisk's well-known keys; on any other address generated ones.
 * @throws Fault SETTINGS_WRONG when the API would be open to others with a well-known key
 */
export async function ensureFirstUsers(subjects: SubjectStore, host: string): Promise<string> {
  const isLocal = isLoopback(host)
  for (const [subject, auth] of Object.entries(wellKnown)) {
    const present = (await subjects.get(subject))?.namespaces
    if (present === undefined) await subjects.create(isLocal ? { subject, auth } : { subject })
    else if (!isLocal && present.some(({ key }) => key === auth.key)) throw wellKnownKey(subject, host)
  }
  const [guest] = (await subjects.get('guest'))?.namespaces ?? []
  return guest === undefined ? '' : `${guest.uuid}:${guest.key}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function wellKnownKey(subject: string, host: string): Fault {
  return new Fault(
    'SETTINGS_WRONG',
    `the API would listen on "${host}" while "${subject}" has OpenWhisk's well-known key: use another --data-dir, or give it ` +
      `a key of its own first: warmwhisk user delete ${subject}, then warmwhisk user create ${subject}`,
  )
}
