import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { freePort } from '../../../deploy/kafka/free-port.ts'
import type { BenchAction } from '../lib/actions.ts'
import { exchange } from '../lib/exchange.ts'
import { startProduct } from '../lib/product.ts'

/** Standalone in its own process, and a client of its REST API. */
export interface Standalone {
  createAction(action: BenchAction): Promise<void>
  /** A blocking invocation; gives the result's text. */
  invoke(action: BenchAction, parameters: string): Promise<string>
  stop(): Promise<void>
}

/** The key of OpenWhisk's guest (protocol reference 8.16), which standalone knows on loopback. */
const guest = '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP'
const headers = ['content-type', 'application/json', 'authorization', `Basic ${Buffer.from(guest).toString('base64')}`]
const startMs = 60_000

/** Starts standalone as a user does, with its throttle out of the way, and waits until it answers. */
export async function startStandalone(folder: string): Promise<Standalone> {
  const port = await freePort()
  const product = startProduct({
    words: ['standalone', '--port', String(port), '--data-dir', join(folder, 'data')],
    folder,
    env: { LIMITS_ACTIONS_INVOKES_PERMINUTE: '1000000', LIMITS_ACTIONS_INVOKES_CONCURRENT: '1000' },
  })
  const client = new Pool(`http://127.0.0.1:${port}`)
  const path = ({ name }: BenchAction): string => `/api/v1/namespaces/_/actions/${name}`
  await answering(port)
  return {
    createAction: async (action) => {
      const { kind, code } = action
      const body = JSON.stringify({ exec: { kind, code } })
      await exchange(client, { method: 'PUT', path: `${path(action)}?overwrite=true`, body, headers })
    },
    invoke: (action, body) =>
      exchange(client, { method: 'POST', path: `${path(action)}?blocking=true&result=true`, body, headers }),
    stop: async () => {
      await client.close()
      await product.stop()
    },
  }
}

/** Waits until the API answers 200: before that the port refuses, then says that it is starting. */
async function answering(port: number): Promise<void> {
  const deadline = AbortSignal.timeout(startMs)
  while (!(await isAnswering(port, deadline))) {
    if (deadline.aborted) throw new Error(`Cannot reach standalone on port ${port}: it did not answer in ${startMs} ms`)
    await sleep(100)
  }
}

async function isAnswering(port: number, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1`, { signal })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    // Not yet: it starts. When its process ends, the benchmark ends by itself.
    return false
  }
}
