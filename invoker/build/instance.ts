import type { Config } from '../config/read-config.ts'
import type { InvokerInstance } from '../domain/instance.ts'
import { MiB } from '../domain/size.ts'

/** The invoker as pings and acks name it (protocol reference 2.5). */
export function instanceOf({ invoker, pool }: Config): InvokerInstance {
  return {
    instance: invoker.id,
    userMemory: `${pool.userMemoryMb * MiB} B`,
    instanceType: 'invoker',
    tags: invoker.tags,
    dedicatedNamespaces: invoker.dedicatedNamespaces,
    ...(invoker.uniqueName === undefined ? {} : { uniqueName: invoker.uniqueName }),
    ...(invoker.displayedName === undefined ? {} : { displayedName: invoker.displayedName }),
  }
}

/** The invoker as people read it: `invoker0/unique/displayed`, without what is missing. */
export function printableName({ instance, uniqueName, displayedName }: InvokerInstance): string {
  return [`invoker${instance}`, uniqueName, displayedName].filter((part) => part !== undefined).join('/')
}

/** The name that everything of this invoker carries on the host: two invokers with other names never touch each other's. */
export function hostName({ instance, uniqueName }: InvokerInstance): string {
  return `wsk${(uniqueName ?? '').replaceAll(/[^A-Za-z0-9_.-]/g, '')}${instance}`
}
