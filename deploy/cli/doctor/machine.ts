import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'

const patienceMs = 3000

/** What the doctor asks a machine. Nothing rejects: what cannot be found out is undefined, or a sentence that says why. */
export interface Machine {
  readonly uid: number | undefined
  readonly nodeVersion: string
  /** The text of a file, undefined where it cannot be read. */
  read(file: string): Promise<string | undefined>
  exists(file: string): Promise<boolean>
  /** What a program says about its version: the first line, undefined where it does not run. */
  versionOf(command: readonly string[]): Promise<string | undefined>
  /** Undefined when something listens there, otherwise why not. */
  refusal(host: string, port: number): Promise<string | undefined>
  /** Undefined when the URL answers with success, otherwise why not. */
  failure(url: string, headers: Readonly<Record<string, string>>): Promise<string | undefined>
}

/** The machine that we run on. */
export const thisMachine: Machine = {
  uid: process.getuid?.(),
  nodeVersion: process.versions.node,
  read: (file) => readFile(file, 'utf8').catch(() => undefined),
  exists: (file) =>
    access(file).then(
      () => true,
      () => false,
    ),
  versionOf: ([program = '', ...args]) =>
    new Promise((resolve) => {
      const env = { ...process.env, PATH: [process.env.PATH, '/usr/sbin', '/sbin'].join(path.delimiter) }
      execFile(program, args, { timeout: patienceMs, env }, (error, stdout, stderr) => {
        const line = `${stdout}${stderr}`.trim().split('\n')[0]
        resolve(error ? undefined : (line ?? ''))
      })
    }),
  refusal: (host, port) =>
    new Promise((resolve) => {
      const socket = connect({ host, port, timeout: patienceMs })
      const end = (why: string | undefined) => {
        socket.destroy()
        resolve(why)
      }
      socket.once('connect', () => end(undefined))
      socket.once('timeout', () => end(`no answer in ${patienceMs} ms`))
      socket.once('error', (error) => end(error.message))
    }),
  failure: async (url, headers) => {
    try {
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) })
      await response.body?.cancel()
      return response.ok ? undefined : `it answers ${response.status}`
    } catch (error) {
      return error instanceof Error ? String(error.cause ?? error.message) : String(error)
    }
  },
}
