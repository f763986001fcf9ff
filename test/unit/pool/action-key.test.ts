import { expect } from 'chai'
import type { ExecutableAction } from '../../../invoker/domain/action.ts'
import { ActionKeys } from '../../../invoker/pool/action-key.ts'
import { anAction } from '../../support/an-action.ts'

const keyOf = (action: ExecutableAction) => new ActionKeys().of(action)
const { exec } = anAction()
const a = { key: 'a', value: { x: 1, y: [2] } }
const b = { key: 'b', value: 2 }

describe('ActionKeys', () => {
  const equal: readonly [string, ExecutableAction, ExecutableAction][] = [
    ['the revision', anAction({ revision: '1-a' }), anAction({ revision: '2-b' })],
    ['the time of the update', anAction({ updated: 1 }), anAction({ updated: 2 })],
    ['the order of parameters', anAction({ parameters: [a, b] }), anAction({ parameters: [b, a] })],
    ['the order of annotations', anAction({ annotations: [a, b] }), anAction({ annotations: [b, a] })],
    [
      'the order of members',
      anAction({ parameters: [a] }),
      anAction({ parameters: [{ value: { y: [2], x: 1 }, key: 'a' }] }),
    ],
  ]
  for (const [what, one, other] of equal) {
    it(`does not look at ${what}`, () => expect(keyOf(one)).to.equal(keyOf(other)))
  }

  const different: readonly [string, ExecutableAction][] = [
    ['namespace', anAction({ namespace: 'guest/pkg' })],
    ['name', anAction({ name: 'other' })],
    ['code', anAction({ exec: { ...exec, code: 'other' } })],
    ['absence of code', anAction({ exec: { kind: exec.kind, binary: false } })],
    ['kind', anAction({ exec: { ...exec, kind: 'nodejs:18' } })],
    ['image', anAction({ exec: { ...exec, image: 'me/mine' } })],
    ['main', anAction({ exec: { ...exec, main: 'main' } })],
    ['binary flag', anAction({ exec: { ...exec, binary: true } })],
    ['version', anAction({ version: '0.0.2' })],
    ['publish flag', anAction({ publish: true })],
    ['parameters', anAction({ parameters: [b] })],
    ['encryption of a parameter', anAction({ parameters: [{ ...b, encryption: 'aes-128' }] })],
    ['annotations', anAction({ annotations: [] })],
    ['limits', anAction({ limits: { timeout: 1_000 } })],
  ]
  it('tells apart every difference that counts', () => {
    const keys = [anAction(), ...different.map(([, action]) => action)].map(keyOf)
    expect(new Set(keys).size).to.equal(keys.length)
  })

  it('computes the key of an object once', () => {
    const keys = new ActionKeys()
    const action = anAction()
    const first = keys.of(action)
    Object.assign(action.exec, { code: 'changed behind its back' })
    expect(keys.of(action)).to.equal(first)
  })
})
