import { randomUUID } from 'node:crypto'

declare const brand: unique symbol
/** 32 lower-case hex digits (protocol reference 2.3). */
export type ActivationId = string & { readonly [brand]: 'ActivationId' }

const pattern = /^[0-9a-f]{32}$/

/** @throws SyntaxError when `text` is not 32 lower-case hex digits. */
export function activationId(text: string): ActivationId {
  if (!pattern.test(text)) {
    throw new SyntaxError(`Cannot read activation id "${text}": expected 32 lower-case hex digits`)
  }
  return text as ActivationId
}

/** A fresh activation id: a random UUID without its dashes, as OpenWhisk's. */
export function newActivationId(): ActivationId {
  return randomUUID().replaceAll('-', '') as ActivationId
}
