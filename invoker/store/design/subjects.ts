import type { DesignDocument } from '../../ports/documents.ts'

/** Keys of subjects that are not blocked, by namespace and by key; the linked document is the namespace's limits (protocol reference 3.7). */
export function subjectsDesign(name: string): DesignDocument {
  return {
    name,
    views: {
      identities: {
        map: `function (doc) {
  if (!doc.namespaces || doc.blocked) return;
  doc.namespaces.forEach(function (owned) {
    var value = { _id: owned.name + '/limits', namespace: owned.name, uuid: owned.uuid, key: owned.key };
    emit([owned.name], value);
    emit([owned.uuid, owned.key], value);
  });
}`,
      },
    },
  }
}

/** Namespaces that may not run: those that a limit of 0 stops, and those of blocked subjects (3.7, 4.8). */
export const namespaceThrottlings: DesignDocument = {
  name: 'namespaceThrottlings',
  views: {
    blockedNamespaces: {
      map: `function (doc) {
  var suffix = '/limits';
  var at = doc._id.length - suffix.length;
  if (at > 0 && doc._id.indexOf(suffix, at) === at) {
    if (doc.concurrentInvocations === 0 || doc.invocationsPerMinute === 0) emit(doc._id.substring(0, at), 1);
  } else if (doc.blocked && doc.namespaces) {
    doc.namespaces.forEach(function (owned) { emit(owned.name, 1); });
  }
}`,
      reduce: '_sum',
    },
  },
}
