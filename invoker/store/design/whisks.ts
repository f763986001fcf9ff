import type { DesignDocument } from '../../ports/documents.ts'

/** Documents of before `entityType` tell by their shape what they are (protocol reference 3.2). */
const isAction = `doc.entityType === 'action' || (!doc.entityType && doc.exec !== undefined)`
const isPackage = `doc.entityType === 'package' || (!doc.entityType && doc.binding !== undefined)`
const isTrigger = `doc.entityType === 'trigger' ||
    (!doc.entityType && doc.parameters !== undefined && !doc.exec && !doc.binding && !doc.activationId)`
const isRule = `doc.entityType === 'rule' || (!doc.entityType && doc.trigger !== undefined)`

/** Emits under the namespace, and under its first segment too where there are two: what is in a package is in the namespace. */
const emitUnderEach = `
  emit([doc.namespace, doc.updated], value);
  var slash = doc.namespace.indexOf('/');
  if (slash > 0) emit([doc.namespace.substring(0, slash), doc.updated], value);`

const packageSummary = `
  var value = {
    namespace: doc.namespace, name: doc.name, version: doc.version, publish: doc.publish, annotations: doc.annotations,
    updated: doc.updated,
    binding: isBinding && { namespace: doc.binding.namespace, name: doc.binding.name }
  };
  emit([doc.namespace, doc.updated], value);`

const isBinding = `var isBinding = !!(doc.binding && doc.binding.name);`

/** Lists of a namespace's entities, by last update (3.7). */
export function whisksDesign(name: string): DesignDocument {
  return {
    name,
    views: {
      actions: counted(`function (doc) {
  if (!doc.namespace || !(${isAction})) return;
  var value = {
    namespace: doc.namespace, name: doc.name, version: doc.version, publish: doc.publish, annotations: doc.annotations,
    limits: doc.limits, exec: { binary: (doc.exec && doc.exec.binary) || false }, updated: doc.updated
  };${emitUnderEach}
}`),
      packages: counted(`function (doc) {
  if (!doc.namespace || !(${isPackage})) return;
  ${isBinding}${packageSummary}
}`),
      'packages-public': counted(`function (doc) {
  if (!doc.namespace || !(${isPackage}) || !doc.publish) return;
  ${isBinding}
  if (isBinding) return;${packageSummary}
}`),
      triggers: counted(`function (doc) {
  if (!doc.namespace || !(${isTrigger})) return;
  emit([doc.namespace, doc.updated], {
    namespace: doc.namespace, name: doc.name, version: doc.version, publish: doc.publish, annotations: doc.annotations,
    updated: doc.updated
  });
}`),
      rules: counted(`function (doc) {
  if (!doc.namespace || !(${isRule})) return;
  emit([doc.namespace, doc.updated], 1);
}`),
    },
  }
}

function counted(map: string): { readonly map: string; readonly reduce: string } {
  return { map, reduce: '_count' }
}
