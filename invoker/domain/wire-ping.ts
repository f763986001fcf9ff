import type { InvokerInstance } from './instance.ts'

/** Writes a ping for the topic `health` (protocol reference 2.7): here the instance is called `name`. */
export function writePing(instance: InvokerInstance, isEnabled: boolean): string {
  return JSON.stringify({ name: instance, isEnabled })
}
