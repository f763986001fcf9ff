import { randomBytes, randomUUID } from 'node:crypto'
import { Fault } from '../faults/fault.ts'
import { isEntityName } from './entity-names.ts'

const keyAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The two halves of a basic auth. */
export interface AuthKey {
  readonly uuid: string
  readonly key: string
}

/** A fresh key: a UUID, and 64 letters and digits. */
export function newAuthKey(): AuthKey {
  // Bytes that would favour the first letters are thrown away.
  let key = ''
  while (key.length < 64) {
    for (const byte of randomBytes(96)) if (byte < 248 && key.length < 64) key += keyAlphabet.charAt(byte % 62)
  }
  return { uuid: randomUUID(), key }
}

/**
 * Reads `uuid:key`, as a person gives it.
 * @throws Fault SUBJECT_WRONG with what is wrong; never with the key itself.
 */
export function parseAuthKey(text: string): AuthKey {
  const [uuid = '', key = '', ...rest] = text.split(':')
  if (rest.length > 0 || key === '') throw new Fault('SUBJECT_WRONG', 'the authorization is not of the form uuid:key')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) {
    throw new Fault('SUBJECT_WRONG', 'the first half of the authorization is no UUID')
  }
  if (key.length !== 64) throw new Fault('SUBJECT_WRONG', `the key has ${key.length} characters, expected 64`)
  return { uuid, key }
}

/** @throws Fault SUBJECT_WRONG unless subject and namespace are names that OpenWhisk takes (protocol reference 3.2, 3.6). */
export function checkNames({ subject, namespace }: { readonly subject: string; readonly namespace: string }): void {
  if (subject.length < 5 || subject.includes('/')) {
    throw new Fault('SUBJECT_WRONG', `the subject "${subject}" must have at least 5 characters and no slash`)
  }
  if (!isEntityName(namespace)) {
    throw new Fault('SUBJECT_WRONG', `"${namespace}" is no name of a namespace`)
  }
}
