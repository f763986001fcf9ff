import type { Identity } from '../domain/identity.ts'
import { isJsonObject, type JsonObject } from '../domain/json.ts'
import type { UserLimits } from '../domain/limits.ts'
import { Fault } from '../faults/fault.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/documents.ts'
import { asDocument } from './as-document.ts'
import { designNames } from './design/names.ts'
import { Identities } from './identities.ts'
import { type NamespaceKey, readSubject, type StoredSubject } from './subject-document.ts'
import { type AuthKey, checkNames, newAuthKey } from './subject-rules.ts'
import { readUserLimits, wrongLimits } from './user-limits.ts'

/** What a {@link SubjectStore} works with. `keepMs`: how long an identity may be remembered; writes through this store forget at once. */
export interface SubjectStoreOptions {
  readonly subjects: DocumentStore
  readonly clock: Clock
  readonly design?: string
  readonly keepMs?: number
}

/** Subjects, their keys and limits (protocol reference 3.6), with what OpenWhisk's wskadmin does. Faults SUBJECT_WRONG for what a person got wrong. */
export class SubjectStore {
  readonly #subjects: DocumentStore
  readonly #identities: Identities
  readonly #design: string

  constructor({ subjects, clock, design = designNames.subjects, keepMs = 300_000 }: SubjectStoreOptions) {
    this.#subjects = subjects
    this.#design = design
    this.#identities = new Identities({ subjects, design, clock, keepMs })
  }

  /** Whose key this is; undefined for wrong keys, blocked subjects, and subjects shorter than 5 characters, which OpenWhisk refuses. */
  async byKey(uuid: string, key: string): Promise<Identity | undefined> {
    const identity = await this.#identities.find([uuid, key])
    return identity !== undefined && identity.subject.length >= 5 ? identity : undefined
  }

  /** Whose namespace this is. */
  byNamespace(namespace: string): Promise<Identity | undefined> {
    return this.#identities.find([namespace])
  }

  /** The subject, undefined when it is not there. */
  async get(subject: string): Promise<StoredSubject | undefined> {
    const document = await this.#subjects.get(subject)
    return document === undefined ? undefined : readSubject(document)
  }

  /** Makes a subject, or gives a subject one more namespace (default: its own name). Gives the key: the given one, or a fresh one. */
  async create({
    subject,
    namespace = subject,
    auth = newAuthKey(),
  }: {
    readonly subject: string
    readonly namespace?: string
    readonly auth?: AuthKey
  }): Promise<AuthKey> {
    checkNames({ subject, namespace })
    const present = await this.get(subject)
    if (present?.namespaces.some(({ name }) => name === namespace)) {
      throw new Fault('SUBJECT_WRONG', `"${subject}" has the namespace "${namespace}" already`)
    }
    const added: NamespaceKey = { name: namespace, uuid: auth.uuid, key: auth.key }
    await this.#write(subject, { namespaces: [...(present?.namespaces ?? []), added], present })
    return auth
  }

  /** Removes a subject, or one namespace of it. */
  async delete({ subject, namespace }: { readonly subject: string; readonly namespace?: string }): Promise<void> {
    const present = await this.#require(subject)
    const left = namespace === undefined ? [] : present.namespaces.filter(({ name }) => name !== namespace)
    if (namespace !== undefined && left.length === present.namespaces.length) {
      throw new Fault('SUBJECT_WRONG', `"${subject}" has no namespace "${namespace}"`)
    }
    if (left.length > 0) return this.#write(subject, { namespaces: left, present })
    await this.#subjects.remove(subject, present._rev)
    this.#identities.forget()
  }

  /** Refuses every key of a subject, or takes them again. */
  async setBlocked(subject: string, blocked: boolean): Promise<void> {
    const present = await this.#require(subject)
    await this.#write(subject, { namespaces: present.namespaces, present: { ...present, blocked } })
  }

  /** Subjects that share a namespace, with their keys; blocked ones are left out. */
  async list(namespace: string): Promise<readonly (AuthKey & { readonly subject: string })[]> {
    const rows = await this.#subjects.view(this.#design, 'identities', { key: [namespace], reduce: false })
    return rows.flatMap(({ id, value }) =>
      id !== undefined && isJsonObject(value)
        ? [{ subject: id, uuid: String(value.uuid), key: String(value.key) }]
        : [],
    )
  }

  /** The limits of a namespace; none where there is no document, or a wrong one (3.6). */
  async limits(namespace: string): Promise<UserLimits> {
    return readUserLimits(await this.#subjects.get(limitsId(namespace)))
  }

  /** Sets some limits of a namespace and keeps the others. */
  async setLimits(namespace: string, limits: JsonObject): Promise<void> {
    const wrong = wrongLimits(limits)
    if (wrong.length > 0)
      throw new Fault('SUBJECT_WRONG', `${wrong.join(', ')}: no such limit, or not its sort of value`)
    const present = await this.#subjects.get(limitsId(namespace))
    await this.#subjects.put({ ...present, ...limits, _id: limitsId(namespace) })
    this.#identities.forget()
  }

  /** Gives a namespace the limits of the system again. */
  async removeLimits(namespace: string): Promise<void> {
    const present = await this.#subjects.get(limitsId(namespace))
    if (present === undefined) return
    await this.#subjects.remove(present._id, present._rev)
    this.#identities.forget()
  }

  async #require(subject: string): Promise<StoredSubject> {
    const present = await this.get(subject)
    if (present === undefined) throw new Fault('SUBJECT_WRONG', `there is no subject "${subject}"`)
    return present
  }

  async #write(
    subject: string,
    {
      namespaces,
      present,
    }: { readonly namespaces: readonly NamespaceKey[]; readonly present: StoredSubject | undefined },
  ): Promise<void> {
    const revision = present === undefined ? {} : { _rev: present._rev }
    await this.#subjects.put(
      asDocument({ _id: subject, ...revision, subject, namespaces, blocked: present?.blocked ?? false }),
    )
    this.#identities.forget()
  }
}

function limitsId(namespace: string): string {
  return `${namespace}/limits`
}
