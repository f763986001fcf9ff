import { Fault } from '../faults/fault.ts'

/** A name of an entity, and each segment of a namespace with a package (protocol reference 3.2). */
const segment = /^(?:\w|\w[\w@ .&-]{0,254}[\w@.&-])$/

/** Whether `text` is one name: 1 to 256 ASCII characters, a letter, digit or underscore first, no blank last. */
export function isEntityName(text: string): boolean {
  return segment.test(text)
}

/** @throws Fault NAME_WRONG unless name and namespace (`namespace` or `namespace/package`) may stand in a document id. */
export function checkEntityName({ namespace, name }: { readonly namespace: string; readonly name: string }): void {
  const segments = [...namespace.split('/'), name]
  if (segments.length > 3 || !segments.every(isEntityName)) {
    throw new Fault(
      'NAME_WRONG',
      `"${namespace}/${name}" is no namespace[/package]/name of word characters and "@ .&-"`,
    )
  }
}
