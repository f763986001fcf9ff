import type { DesignDocument } from '../../ports/documents.ts'

const isActivation = `doc.activationId !== undefined && (!doc.entityType || doc.entityType === 'activation')`

/** A trigger's `end` is 0 and is left out; the duration is that of the clock, not the stored one (protocol reference 3.7). */
const summary = `
  var value = {
    namespace: doc.namespace, name: doc.name, version: doc.version, publish: doc.publish, annotations: doc.annotations,
    activationId: doc.activationId, start: doc.start
  };
  if (doc.end) {
    value.end = doc.end;
    value.duration = doc.end - doc.start;
    if (doc.response && doc.response.statusCode !== undefined) value.statusCode = doc.response.statusCode;
  }
  if (doc.cause !== undefined) value.cause = doc.cause;`

/** The name that a list is filtered by: the binding's package, else the action's, before the action's name. */
const filter = `
  var annotations = doc.annotations || [];
  var filter = doc.name;
  var isBound = false;
  annotations.forEach(function (annotation) {
    var segments = typeof annotation.value === 'string' ? annotation.value.split('/') : [];
    if (annotation.key === 'binding' && segments.length > 1) {
      isBound = true;
      filter = segments[1] + '/' + doc.name;
    } else if (annotation.key === 'path' && segments.length === 3 && !isBound) {
      filter = segments[1] + '/' + doc.name;
    }
  });`

/** All activations of a namespace, by start (3.7). */
export function activationsDesign(name: string): DesignDocument {
  const map = `function (doc) {
  if (!(${isActivation})) return;${summary}
  emit([doc.namespace, doc.start], value);
}`
  return { name, views: { activations: { map, reduce: '_count' } } }
}

/** Activations of one action, by start (3.7). */
export function activationsFilterDesign(name: string): DesignDocument {
  const map = `function (doc) {
  if (!(${isActivation})) return;${summary}${filter}
  emit([doc.namespace + '/' + filter, doc.start], value);
}`
  return { name, views: { activations: { map, reduce: '_count' } } }
}

/** Activations by age, for whoever cleans up (3.7). */
export const activationsByDate: DesignDocument = {
  name: 'activations',
  views: {
    byDate: {
      map: `function (doc) {
  if (doc.activationId !== undefined && doc.start) emit(doc.start, [doc._id, doc._rev]);
}`,
    },
  },
}

/** Activations that still have logs, sequences left out: their logs are the ids of their components (3.7). */
export const logCleanup: DesignDocument = {
  name: 'logCleanup',
  views: {
    byDateWithLogs: {
      map: `function (doc) {
  if (doc.activationId === undefined || !doc.start || !doc.logs || doc.logs.length === 0) return;
  var isSequence = (doc.annotations || []).some(function (annotation) {
    return annotation.key === 'kind' && annotation.value === 'sequence';
  });
  if (!isSequence) emit(doc.start, doc._id);
}`,
    },
  },
}
