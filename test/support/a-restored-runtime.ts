import { once } from 'node:events'
import { chmodSync, closeSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { openLibc } from '../../invoker/adapters/kernel/libc.ts'
import { listenUnix, makePipe } from '../../invoker/adapters/kernel/sockets.ts'
import { isJsonObject, type JsonObject } from '../../invoker/domain/json.ts'
import { ownNamespaces, type TemplateUnderTest, workDirectory } from './a-template.ts'
import { eventually } from './eventually.ts'
import { type RuntimeRequests, requestsTo } from './runtime-requests.ts'

/** A child of a template, which serves. */
export interface RestoredRuntime extends RuntimeRequests {
  readonly pid: number
  readonly directory: string
  /** What it said when it was about to serve. */
  readonly report: JsonObject
  readonly printed: { stdout: string; stderr: string }
  /** Ends it, and waits until the template has noticed. */
  stop(): Promise<void>
}

/** What else to restore with. */
export interface RestoreOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly openFiles?: number
  /** Descriptors in the place of our own namespaces. */
  readonly namespaces?: readonly number[]
}

const libc = openLibc()

/** Restores into our own namespaces, as the user that containers have. @throws Error with what the template or the child says. */
export async function aRestoredRuntime(
  template: TemplateUnderTest,
  { env = {}, openFiles = 1024, namespaces }: RestoreOptions = {},
): Promise<RestoredRuntime> {
  const id = template.nextId()
  const directory = workDirectory(template, String(id))
  const listener = listenUnix(libc, join(directory, 's'))
  chmodSync(listener.path, 0o777)
  const pipes = { stdout: makePipe(libc), stderr: makePipe(libc), report: makePipe(libc) }
  const printed = { stdout: '', stderr: '', report: '' }
  const read = (name: keyof typeof printed): Socket =>
    new Socket({ fd: pipes[name].readFd, readable: true, writable: false })
      .setEncoding('latin1')
      .on('data', (text: string) => {
        printed[name] += text
      })
  const readers = { stdout: read('stdout'), stderr: read('stderr'), report: read('report') }
  const reported = once(readers.report, 'end')
  const own = namespaces === undefined ? ownNamespaces() : []
  const writers = [pipes.stdout.writeFd, pipes.stderr.writeFd, listener.fd, pipes.report.writeFd]
  const place = { directory, env: { ...env }, confinement: { uid: 65534, gid: 65534, openFiles }, groups: 0 }
  const closeOurs = (): void => {
    listener.release()
    for (const fd of [...own, ...Object.values(pipes).map(({ writeFd }) => writeFd)]) closeSync(fd)
  }
  const closeReaders = (): void => {
    for (const reader of Object.values(readers)) reader.destroy()
  }
  try {
    const asked = template.ask({ do: 'restore', id, ...place }, [...(namespaces ?? own), ...writers])
    const { pid } = orThrow(await asked.finally(closeOurs))
    await reported
    const report = orThrow(JSON.parse(printed.report || '{"failed": "no word"}'))
    const requests = requestsTo(listener.path)
    return {
      ...requests,
      ...{ pid: Number(pid), directory, report, printed },
      async stop() {
        requests.leave()
        if (!template.ended.has(Number(pid))) process.kill(Number(pid), 'SIGKILL')
        await eventually('the end of a child', () => template.ended.has(Number(pid)))
        closeReaders()
      },
    }
  } catch (error) {
    closeReaders()
    throw error
  }
}

function orThrow(answer: unknown): JsonObject {
  if (!isJsonObject(answer)) throw new Error(`An object is wanted, not: ${JSON.stringify(answer)}`)
  if (answer.failed !== undefined) throw new Error(String(answer.failed))
  return answer
}
