/** Every route of the API that this server offers: path, verb, sentence. */
const routes = [
  ['/namespaces', 'get', 'The namespace of the caller'],
  ['/namespaces/{namespace}/limits', 'get', 'Limits of the namespace'],
  ['/namespaces/{namespace}/actions', 'get', 'List actions, newest first'],
  ['/namespaces/{namespace}/actions/{actionName}', 'get', 'An action, with its code unless code=false'],
  ['/namespaces/{namespace}/actions/{actionName}', 'put', 'Make an action, or change it with overwrite=true'],
  ['/namespaces/{namespace}/actions/{actionName}', 'delete', 'Remove an action'],
  ['/namespaces/{namespace}/actions/{actionName}', 'post', 'Invoke an action'],
  ['/namespaces/{namespace}/activations', 'get', 'List activations, newest first'],
  ['/namespaces/{namespace}/activations/{activationid}', 'get', 'An activation'],
  ['/namespaces/{namespace}/activations/{activationid}/result', 'get', 'The result of an activation'],
  ['/namespaces/{namespace}/activations/{activationid}/logs', 'get', 'The logs of an activation'],
] as const

/** Swagger 2.0 of the API proper. */
export const apiDocs = {
  swagger: '2.0',
  info: { title: 'OpenWhisk REST API', version: '0.1.0' },
  basePath: '/api/v1',
  produces: ['application/json'],
  tags: ['Namespaces', 'Actions', 'Activations'].map((name) => ({ name })),
  paths: describePaths(routes),
  securityDefinitions: { basicAuth: { type: 'basic' } },
  security: [{ basicAuth: [] }],
  responses: { Error: { description: 'An error', schema: { $ref: '#/definitions/ErrorMessage' } } },
  definitions: { ErrorMessage: errorMessage() },
}

/** Swagger 2.0 of the routes that ask for no key. */
export const infoDocs = {
  swagger: '2.0',
  info: { title: 'OpenWhisk system information', version: '0.1.0' },
  basePath: '/',
  produces: ['application/json'],
  tags: [{ name: 'Information' }],
  paths: describePaths([
    ['/', 'get', 'Limits and runtimes of the server'],
    ['/ping', 'get', 'Whether the server answers'],
    ['/api/v1', 'get', 'Version and build'],
    ['/invokers', 'get', 'State of each invoker'],
  ]),
  definitions: { ErrorMessage: errorMessage() },
}

function describePaths(described: readonly (readonly [string, string, string])[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [path, verb, summary] of described) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const parameters = names.map((name) => ({ name, in: 'path', required: true, type: 'string' }))
    paths[path] = {
      ...paths[path],
      [verb]: { summary, parameters, responses: { default: { description: 'The answer' } } },
    }
  }
  return paths
}

function errorMessage(): object {
  return {
    type: 'object',
    required: ['error', 'code'],
    properties: { error: { type: 'string' }, code: { type: 'string', description: 'The transaction id' } },
  }
}
