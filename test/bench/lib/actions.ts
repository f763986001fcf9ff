/** An action that the benchmarks run: as little work as an action can do that still depends on its parameters. */
export interface BenchAction {
  readonly kind: string
  readonly name: string
  readonly code: string
}

/** One action a kind. */
export const benchActions = [
  {
    kind: 'python:3',
    name: 'bench-python',
    code: 'def main(args):\n    return {"greeting": "Hello " + args["name"]}\n',
  },
  {
    kind: 'nodejs:20',
    name: 'bench-nodejs',
    code: "function main(args) {\n  return { greeting: 'Hello ' + args.name }\n}\n",
  },
] as const satisfies readonly BenchAction[]

/** Limits of the actions: OpenWhisk's defaults (timeout in ms, memory and logs in MB). */
export const benchLimits = { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 } as const
/** Namespace of the actions and of who invokes them. */
export const benchNamespace = 'guest'
