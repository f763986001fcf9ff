/** Texts of OpenWhisk's REST API that clients and tests read (protocol reference 8). */
export const messages = {
  noRoute: 'The requested resource could not be found.',
  missing: 'The requested resource does not exist.',
  notSupplied: 'The resource requires authentication, which was not supplied with the request',
  invalidKey: 'The supplied authentication is invalid',
  internal: 'There was an internal server error.',
  unavailable: 'The server is currently unavailable (because it is overloaded or down for maintenance).',
  entityTooLarge: 'The request entity is larger than the server is willing or able to process.',
  exists: 'resource already exists',
  otherCollection: 'Resource by this name exists but is not in this collection.',
  conflict: 'Concurrent modification to resource detected.',
  corrupted: 'Resource is corrupted and cannot be read.',
  execUndefined: 'exec undefined',
  parametersNotAllowed: 'Request defines parameters that are not allowed (e.g., reserved properties).',
  docsWithCount: "The parameter 'docs' is not permitted with 'count'.",
  timeoutOutOfRange: 'Timeout must be number of milliseconds up to 60000.',
  namespaceIllegal: 'The namespace contains illegal characters.',
  nameIllegal: 'The name of the entity contains illegal characters.',
  activationIdIllegal: 'The activation id is not valid.',
} as const

/** 403 on something of another namespace: `ns` or `ns/entity` (8.1). */
export function notAuthorized(resource: string): string {
  return `The supplied authentication is not authorized to access '${resource}'.`
}

/** 403 on a kind that `allowedKinds` leaves out (8.1). */
export function kindNotAllowed(kind: string): string {
  return `The supplied authentication is not authorized to access actions of kind '${kind}'.`
}

/** 413: `what` is over its limit; both in bytes (8.4, 8.5). */
export function largerThanAllowed(
  what: string,
  { is, allowed }: { readonly is: number; readonly allowed: number },
): string {
  return `${what} larger than allowed: ${is} > ${allowed} bytes.`
}

/** 400: a kind that the manifest lacks; the known ones are named (8.4). */
export function unknownRuntime(kind: string, known: Iterable<string>): string {
  const values = [...known].map((name) => `'${name}'`).join(', ')
  return `The specified runtime '${kind}' is not supported by this platform. Valid values are: ${values}.`
}

/** 400: a kind that the manifest calls deprecated (8.4). */
export function deprecatedRuntime(kind: string): string {
  return `The '${kind}' runtime is no longer supported. You may read and delete but not update or invoke this action.`
}

/** 501: a part of OpenWhisk's API that this server has not. */
export function notOffered(feature: string): string {
  return `Cannot serve ${feature}: this server offers actions and activations only`
}
