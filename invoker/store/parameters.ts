import { type CipherGCMTypes, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { KeyValue } from '../domain/action.ts'
import type { Json } from '../domain/json.ts'
import { Fault } from '../faults/fault.ts'

const tagBytes = 16

/** What OpenWhisk does per algorithm: its IV is 12 bytes, or 128 (protocol reference 3.4). */
const algorithms = {
  'aes-128': { cipher: 'aes-128-gcm', keyBytes: 16, ivBytes: 12 },
  'aes-256': { cipher: 'aes-256-gcm', keyBytes: 32, ivBytes: 128 },
} as const satisfies Record<string, { cipher: CipherGCMTypes; keyBytes: number; ivBytes: number }>

/** A known algorithm. */
export type ParameterAlgorithm = keyof typeof algorithms

/** Keys by algorithm, and which locks what is written; `off` locks nothing. */
export interface ParameterKeys {
  readonly current: ParameterAlgorithm | 'off'
  readonly keys: Partial<Readonly<Record<ParameterAlgorithm, Buffer>>>
}

/** Locks parameters at rest and unlocks them for a run (3.4). Annotations are never locked. */
export class Parameters {
  readonly #keys: ParameterKeys

  /** @throws Fault SETTINGS_WRONG when a key has the wrong length, or the current algorithm has none. */
  constructor(keys: ParameterKeys) {
    for (const [name, { keyBytes }] of Object.entries(algorithms)) {
      const key = keys.keys[name as ParameterAlgorithm]
      if (key !== undefined && key.length !== keyBytes) {
        throw new Fault('SETTINGS_WRONG', `the parameter key "${name}" has ${key.length} bytes, expected ${keyBytes}`)
      }
    }
    if (keys.current !== 'off' && keys.keys[keys.current] === undefined) {
      throw new Fault('SETTINGS_WRONG', `the parameter key "${keys.current}" is current and not given`)
    }
    this.#keys = keys
  }

  /** Parameters as they are stored: each that is not locked yet is locked with the current algorithm. */
  lock(parameters: readonly KeyValue[]): readonly KeyValue[] {
    const { current, keys } = this.#keys
    const key = current === 'off' ? undefined : keys[current]
    if (current === 'off' || key === undefined) return parameters
    return parameters.map((parameter) =>
      isLocked(parameter.encryption)
        ? parameter
        : { ...parameter, value: lockValue(current, key, parameter.value), encryption: current },
    )
  }

  /** Parameters as a person wrote them. @throws Fault PARAMETER_LOCKED. */
  unlock(parameters: readonly KeyValue[]): readonly KeyValue[] {
    return parameters.map((parameter) => {
      const { encryption, ...open } = parameter
      return isLocked(encryption) ? { ...open, value: this.unlockValue(parameter.value, encryption) } : parameter
    })
  }

  /**
   * The value behind a locked one. Values that are no text, and algorithms that are not known, come back as they are, as in OpenWhisk.
   * @throws Fault PARAMETER_LOCKED when the key is missing or wrong, or the text is no locked value.
   */
  unlockValue(value: Json, algorithm: string): Json {
    if (!isLocked(algorithm) || typeof value !== 'string') return value
    const key = this.#keys.keys[algorithm]
    if (key === undefined) throw new Fault('PARAMETER_LOCKED', `there is no key for "${algorithm}"`)
    try {
      return open(algorithm, key, Buffer.from(value, 'base64'))
    } catch (cause) {
      if (cause instanceof Fault) throw cause
      throw new Fault('PARAMETER_LOCKED', `it was not locked by this key for "${algorithm}"`, { cause })
    }
  }
}

function isLocked(encryption: string | undefined): encryption is ParameterAlgorithm {
  return encryption !== undefined && Object.hasOwn(algorithms, encryption)
}

/** `[IV length, 4 bytes big-endian][IV][ciphertext][tag]`, as base64; the plain text is compact JSON. */
function lockValue(algorithm: ParameterAlgorithm, key: Buffer, value: Json): string {
  const { cipher, ivBytes } = algorithms[algorithm]
  const iv = randomBytes(ivBytes)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(ivBytes)
  const sealing = createCipheriv(cipher, key, iv)
  const sealed = [sealing.update(JSON.stringify(value), 'utf8'), sealing.final(), sealing.getAuthTag()]
  return Buffer.concat([length, iv, ...sealed]).toString('base64')
}

function open(algorithm: ParameterAlgorithm, key: Buffer, sealed: Buffer): Json {
  const { cipher, ivBytes } = algorithms[algorithm]
  if (sealed.length < 4 + ivBytes + tagBytes || sealed.readUInt32BE(0) !== ivBytes) {
    throw new Fault('PARAMETER_LOCKED', `it is no value locked with "${algorithm}"`)
  }
  const body = sealed.subarray(4 + ivBytes)
  const opening = createDecipheriv(cipher, key, sealed.subarray(4, 4 + ivBytes), { authTagLength: tagBytes })
  opening.setAuthTag(body.subarray(-tagBytes))
  const text = Buffer.concat([opening.update(body.subarray(0, -tagBytes)), opening.final()]).toString('utf8')
  return JSON.parse(text) as Json
}
